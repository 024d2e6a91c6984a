using Akka.Actor;
using Akka.Event;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>
/// Speaks for the training threads: registers, pulls trials, tells what they measure until it is on the coordinator's disk, and gives them
/// back on leaving. Only this actor touches the trials in hand; threads tell it records.
/// </summary>
public sealed class TrainerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaveEvery = TimeSpan.FromMilliseconds(200);

    private readonly string _name;
    private readonly Guid _incarnation;
    private readonly IActorRef _coordinator;
    private readonly ITraining _training;
    private readonly TimeProvider _clock;
    private readonly Appetite _appetite;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<TrialKey, TrialInHand> _hand = [];
    private readonly List<IActorRef> _awaitingRegistration = [];
    private readonly Queue<TrialInHand> _waiting = new();

    private TrainerCard _card;
    private TimeSpan _lease = TimeSpan.FromSeconds(15);
    private long _term;
    private bool _registered;
    private bool _showing;
    private int _threads;
    private int _roomSaid;
    private long _heartbeatAt;
    private (IActorRef Asker, string Why, long Since, bool Said)? _leaving;

    /// <param name="coordinator">The singleton's proxy.</param>
    /// <param name="refused">Told, with a sentence, when the coordinator will not have this trainer, or it can't do the work.</param>
    public TrainerActor(
        string name, Guid incarnation, TrainerCard card, IActorRef coordinator, ITraining training, TimeProvider clock, Action<string> refused)
    {
        (_name, _incarnation, _card, _coordinator, _training, _clock) = (name, incarnation, card, coordinator, training, clock);
        _appetite = new(card.Slots, clock);

        Receive<CoordinatorWord>(word => word.Term < _term, _ => { });
        Receive<CoordinatorWord.TrainerRegistered>(word =>
        {
            _term = word.Term;
            _lease = word.Lease;
            _registered = true;
            Array.ForEach([.. word.Revoked], Drop);
            foreach (var trial in _hand.Values)
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
            _log.Error("Refused: {0}", word.Reason);
            refused(word.Reason);
        });
        Receive<CoordinatorWord.ShowFingerprint>(_ => ShowFingerprint());
        Receive<CoordinatorWord.AssignTrials>(word => Take(word.Trials));
        Receive<CoordinatorWord.MeasuresWritten>(word => With(word.Key, trial => trial.Written(word.LastEpoch)));
        Receive<CoordinatorWord.EndWritten>(word => Drop(word.Key));
        Receive<CoordinatorWord.TrialRevoked>(word => Drop(word.Key));
        Receive<CoordinatorWord.LeaveNoted>(_ => Gone());

        Receive<Measured>(word =>
        {
            if (_hand.TryGetValue(word.Trial.Key, out var held) && held == word.Trial)
            {
                held.Measured(word.Epoch);
                SayNext(held);
            }
        });
        Receive<Ended>(End);
        Receive<FingerprintShown>(shown =>
        {
            _showing = false;
            _card = _card with { Fingerprint = shown.Fingerprint };
            _log.Info("Fingerprint of this machine's arithmetic: {0}", shown.Fingerprint);
            Register();
        });
        Receive<NoFingerprint>(problem =>
        {
            _showing = false;
            _log.Error("{0}", problem.Why);
            refused(problem.Why);
        });
        Receive<Tick>(_ => Beat());
        Receive<Leave>(leave =>
        {
            _leaving = (Sender, leave.Why, clock.GetTimestamp(), false);
            foreach (var trial in _hand.Values)
            {
                trial.Cancel();
            }

            _waiting.Clear();
            Timers.StartPeriodicTimer(nameof(LeaveTick), LeaveTick.Instance, LeaveEvery);
            GoIfDone();
        });
        Receive<LeaveTick>(_ => GoIfDone());
        Receive<AwaitRegistered>(_ =>
        {
            _awaitingRegistration.Add(Sender);
            if (_registered)
            {
                RegisteredNow();
            }
        });
        ReceiveAny(other => _log.Debug("Not understood: {0}", other)); // CoordinatorBusy and the like: everything is said again in time.
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickEvery);
        Register();
    }

    protected override void PostStop()
    {
        foreach (var trial in _hand.Values)
        {
            trial.Cancel();
        }
    }

    private void RegisteredNow()
    {
        foreach (var asker in _awaitingRegistration)
        {
            asker.Tell(IsRegistered.Instance);
        }

        _awaitingRegistration.Clear();
    }

    private void Register() => Say(new TrainerWord.RegisterTrainer(_name, _incarnation, Protocol.Version, _card, [.. _hand.Keys]));

    private void Say(TrainerWord word) => _coordinator.Tell(word);

    private void SayAll()
    {
        foreach (var trial in _hand.Values)
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
            Say(new TrainerWord.Heartbeat(_name, _incarnation, Room(), [.. _hand.Values.Select(Held)]));
        }

        SayAll();
        WantMore(always: false);
    }

    private void With(TrialKey key, Action<TrialInHand> change)
    {
        if (_hand.TryGetValue(key, out var trial))
        {
            change(trial);
            SayNext(trial);
        }
    }

    private void Take(IReadOnlyList<TrialAssignment> assignments)
    {
        foreach (var assignment in assignments.Where(assignment => _leaving is null && !_hand.ContainsKey(assignment.Key)))
        {
            var trial = new TrialInHand(assignment, _clock);
            _hand[assignment.Key] = trial;
            _waiting.Enqueue(trial);
        }

        FillSlots();
    }

    private void FillSlots()
    {
        while (_threads < _card.Slots && _waiting.TryDequeue(out var trial))
        {
            if (!_hand.TryGetValue(trial.Key, out var held) || held != trial)
            {
                continue; // Revoked while it waited.
            }

            _threads++;
            trial.Started = true;
            var self = Self;
            _log.Debug("{0} begins: {1}", trial.Key, trial.Assignment.Label);
            TrialRunner.Start(
                _training, trial, _clock,
                epoch => self.Tell(new Measured(trial, epoch)),
                end => self.Tell(new Ended(trial.Key, trial, end)));
        }
    }

    private void End(Ended word)
    {
        _threads--;
        word.Trial.End = word.End;
        if (word.End is TrainingEnd.Failed failed)
        {
            _log.Error("{0} ({1}) failed: {2}", word.Key, word.Trial.Assignment.Label, failed.Error);
        }

        if (_hand.TryGetValue(word.Key, out var held) && held == word.Trial)
        {
            SayNext(held);
        }
        else
        {
            word.Trial.Dispose();
        }

        _appetite.Ended();
        FillSlots();
        WantMore(always: false);
        GoIfDone();
    }

    /// <summary>The trial is no longer this trainer's: its end is on disk, or it was given to another.</summary>
    private void Drop(TrialKey key)
    {
        if (_hand.Remove(key, out var trial))
        {
            trial.Cancel();
            if (!trial.Started || trial.End is not null)
            {
                trial.Dispose();
            }
        }

        WantMore(always: false);
        GoIfDone();
    }

    private int Room() => _leaving is null ? _appetite.Room() : 0;

    private void WantMore(bool always)
    {
        var room = Room();
        if (_registered && (always || room != _roomSaid))
        {
            _roomSaid = room;
            Say(new TrainerWord.WantTrials(_name, _incarnation, room));
        }
    }

    /// <summary>The question is repeated until it is answered, and the answer takes its time.</summary>
    private void ShowFingerprint()
    {
        if (_showing)
        {
            return;
        }

        _showing = true;
        var (self, training) = (Self, _training);
        new Thread(() =>
        {
            try
            {
                self.Tell(new FingerprintShown(training.Fingerprint()));
            }
            catch (Exception problem)
            {
                self.Tell(new NoFingerprint(
                    $"The tensor library can't be used on this machine, so this trainer can train nothing: {problem.Message.Split('\n', 2)[0]}"));
            }
        })
        { IsBackground = true, Name = "fingerprint" }.Start();
    }

    /// <summary>
    /// Leaves when every thread has stopped and every end that was reached is on disk, or a moment after: what is left is handed back.
    /// </summary>
    private void GoIfDone()
    {
        if (_leaving is not { } leaving || _threads > 0)
        {
            return;
        }

        var untold = _hand.Values.Any(trial => trial.End is TrainingEnd.Finished or TrainingEnd.Failed);
        if (untold && _clock.GetElapsedTime(leaving.Since) < TimeSpan.FromMilliseconds(700))
        {
            return;
        }

        Say(new TrainerWord.TrainerLeaves(_name, _incarnation, leaving.Why, [.. _hand.Values.Select(Held)]));
    }

    private static HeldTrial Held(TrialInHand trial) => new(trial.Key, trial.WrittenEpoch);

    private void Gone()
    {
        if (_leaving is { } leaving)
        {
            leaving.Asker.Tell(HasLeft.Instance);
            Timers.CancelAll();
            Context.Stop(Self);
        }
    }

    /// <summary>Stop training, give everything back, leave; answered with <see cref="HasLeft"/> when the coordinator has written it down.</summary>
    public sealed record Leave(string Why) : INoSerializationVerificationNeeded;

    public sealed record HasLeft : INoSerializationVerificationNeeded
    {
        public static readonly HasLeft Instance = new();
    }

    /// <summary>Answered with <see cref="IsRegistered"/> once the coordinator knows this trainer.</summary>
    public sealed record AwaitRegistered : INoSerializationVerificationNeeded;

    public sealed record IsRegistered : INoSerializationVerificationNeeded
    {
        public static readonly IsRegistered Instance = new();
    }

    private sealed record Measured(TrialInHand Trial, EpochMeasures Epoch) : INoSerializationVerificationNeeded;

    private sealed record Ended(TrialKey Key, TrialInHand Trial, TrainingEnd End) : INoSerializationVerificationNeeded;

    /// <param name="Why">A sentence for this trainer's operator: nothing would ever come to it, and nobody would see why.</param>
    private sealed record NoFingerprint(string Why) : INoSerializationVerificationNeeded;

    private sealed record FingerprintShown(string Fingerprint) : INoSerializationVerificationNeeded;

    /// <summary>Every second; tests, which move the clock by hand, send it themselves.</summary>
    internal sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    internal sealed class LeaveTick : INoSerializationVerificationNeeded
    {
        public static readonly LeaveTick Instance = new();
    }
}
