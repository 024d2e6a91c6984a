using Akka.Actor;
using MemCluster.Hosting;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>
/// Speaks for the training floor: registers, pulls trials, tells what they measure until it is on the coordinator's disk, and gives them
/// back on leaving.
/// </summary>
internal sealed partial class TrainerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly Guid _incarnation;
    private readonly IActorRef _coordinator;
    private readonly ITraining _training;
    private readonly TrainingFloor _floor;
    private readonly TimeProvider _clock;
    private readonly ILogger _log = Context.System.LogOf<TrainerActor>();
    private readonly List<IActorRef> _awaitingRegistration = [];

    private TrainerCard _card;
    private TimeSpan _lease = TimeSpan.FromSeconds(15);
    private long _term;
    private bool _registered;
    private int _roomSaid;
    private long _heartbeatAt;

    /// <param name="coordinator">The singleton's proxy.</param>
    /// <param name="refused">Told, with a sentence, when the coordinator will not have this trainer, or it can't do the work.</param>
    /// <param name="floor">Trials that the process holds already; null: none.</param>
    public TrainerActor(
        string name, Guid incarnation, TrainerCard card, IActorRef coordinator, ITraining training, TimeProvider clock, Action<string> refused,
        TrainingFloor? floor = null)
    {
        (_name, _incarnation, _card, _coordinator, _training, _clock) = (name, incarnation, card, coordinator, training, clock);
        _floor = floor ?? new TrainingFloor(card.Slots, training, clock, Context.System.Logs());

        Receive<CoordinatorWord>(word => word.Term < _term, _ => { });
        Receive<CoordinatorWord.TrainerRegistered>(word =>
        {
            var isNew = !_registered || word.Term != _term;
            _term = word.Term;
            _lease = word.Lease;
            _registered = true;
            Array.ForEach([.. word.Revoked], Revoke);
            if (isNew)
            {
                _log.Registered(_name, _term, _floor.Hand.Count);
            }

            foreach (var trial in _floor.Hand)
            {
                trial.SayAgain();
            }

            WantMore(always: true);
            SayAll();
            RegisteredNow();
        });
        Receive<CoordinatorWord.RegisterAgain>(word =>
        {
            _term = word.Term;
            _registered = false;
            Register();
        });
        Receive<CoordinatorWord.TrainerRefused>(word =>
        {
            _log.Refused(word.Reason);
            refused(word.Reason);
        });
        Receive<CoordinatorWord.ShowFingerprint>(_ => ShowFingerprint());
        Receive<CoordinatorWord.AssignTrials>(word =>
        {
            if (_leaving is null)
            {
                _floor.Take(word.Trials);
            }
        });
        Receive<CoordinatorWord.MeasuresWritten>(word => With(word.Key, trial => trial.Written(word.LastEpoch)));
        Receive<CoordinatorWord.FindingsWritten>(word => With(word.Key, trial => trial.FindingsWritten(word.LastPart)));
        Receive<CoordinatorWord.EndWritten>(word => Drop(word.Key));
        Receive<CoordinatorWord.TrialRevoked>(word => Revoke(word.Key));
        Receive<CoordinatorWord.LeaveNoted>(_ => Gone());

        Receive<News>(news => Hear(news.Trial));
        Receive<FingerprintShown>(Show);
        Receive<NoFingerprint>(problem =>
        {
            _showing = false;
            _log.CannotTrain(problem.Why);
            refused(problem.Why);
        });
        Receive<Tick>(_ => Beat());
        Receive<Leave>(BeginLeaving);
        Receive<LeaveTick>(_ => GoIfDone());
        Receive<AwaitRegistered>(_ =>
        {
            _awaitingRegistration.Add(Sender);
            if (_registered)
            {
                RegisteredNow();
            }
        });
        Receive<AskRegistered>(_ => Sender.Tell(_registered));
        ReceiveAny(other => _log.NotUnderstood(other)); // CoordinatorBusy and the like: everything is said again in time.
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickEvery);
        var self = Self;
        _floor.ListenWith(trial => self.Tell(new News(trial)));
        Register();
    }

    /// <summary>The floor goes on: another actor may speak for it.</summary>
    protected override void PostStop() => _floor.ListenWith(null);

    private void RegisteredNow()
    {
        foreach (var asker in _awaitingRegistration)
        {
            asker.Tell(IsRegistered.Instance);
        }

        _awaitingRegistration.Clear();
    }

    private void Register() => Say(new TrainerWord.RegisterTrainer(_name, _incarnation, Protocol.Version, _card, [.. _floor.Hand.Select(trial => trial.Key)]));

    private void Say(TrainerWord word) => _coordinator.Tell(word);

    private void SayAll()
    {
        foreach (var trial in _floor.Hand)
        {
            SayNext(trial);
        }
    }

    private void SayNext(TrialInHand trial)
    {
        if (_registered && trial.NextWord(_name, _incarnation) is { } word)
        {
            Say(word);
        }
    }

    /// <summary>Every second: what was not answered is said again; every third of a lease the leases are renewed.</summary>
    private void Beat()
    {
        if (!_registered)
        {
            Register();
            return;
        }

        if (_clock.GetElapsedTime(_heartbeatAt) >= _lease / 3)
        {
            _heartbeatAt = _clock.GetTimestamp();
            Say(new TrainerWord.Heartbeat(_name, _incarnation, Room(), [.. _floor.Hand.Select(Held)]));
        }

        SayAll();
        WantMore(always: false);
    }

    private void With(TrialKey key, Action<TrialInHand> change)
    {
        if (_floor.Find(key) is { } trial)
        {
            change(trial);
            SayNext(trial);
        }
    }

    /// <summary>A thread measured an epoch, or ended.</summary>
    private void Hear(TrialInHand trial)
    {
        if (_floor.Find(trial.Key) == trial)
        {
            SayNext(trial);
        }

        WantMore(always: false);
        GoIfDone();
    }

    private void Revoke(TrialKey key)
    {
        if (_floor.Find(key) is { } trial)
        {
            _log.TrialRevoked(trial.Assignment);
        }

        Drop(key);
    }

    private void Drop(TrialKey key)
    {
        _floor.Drop(key);
        WantMore(always: false);
        GoIfDone();
    }

    private int Room() => _leaving is null ? _floor.Room : 0;

    private void WantMore(bool always)
    {
        var room = Room();
        if (_registered && (always || room != _roomSaid))
        {
            _roomSaid = room;
            Say(new TrainerWord.WantTrials(_name, _incarnation, room));
        }
    }

    private static HeldTrial Held(TrialInHand trial) => new(trial.Key, trial.WrittenEpoch);

    /// <summary>Answered with <see cref="IsRegistered"/> once the coordinator knows this trainer.</summary>
    public sealed record AwaitRegistered : INoSerializationVerificationNeeded;

    public sealed record IsRegistered : INoSerializationVerificationNeeded
    {
        public static readonly IsRegistered Instance = new();
    }

    /// <summary>Answered at once with whether the coordinator knows this trainer, a bool.</summary>
    public sealed record AskRegistered : INoSerializationVerificationNeeded
    {
        public static readonly AskRegistered Instance = new();
    }

    private sealed record News(TrialInHand Trial) : INoSerializationVerificationNeeded;

    /// <summary>Every second; tests, which move the clock by hand, send it themselves.</summary>
    internal sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
