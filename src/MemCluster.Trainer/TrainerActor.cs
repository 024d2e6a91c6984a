using Akka.Actor;
using MemCluster.Hosting;
using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>Doorman of a training floor: hears a word, asks the rules (<see cref="TrainerDecider"/>), does what they say.</summary>
internal sealed class TrainerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaveEvery = TimeSpan.FromMilliseconds(200);

    private readonly IActorRef _coordinator;
    private readonly ITraining _training;
    private readonly TrainingFloor _floor;
    private readonly TimeProvider _clock;
    private readonly long _beganAt;
    private readonly Action<string> _refused;
    private readonly ILogger _log = Context.System.LogOf<TrainerActor>();
    private readonly List<IActorRef> _awaitingRegistration = [];
    private readonly List<IActorRef> _awaitingLeave = [];
    private TrainerBook _book;

    /// <param name="coordinator">The singleton's proxy.</param>
    /// <param name="refused">Told, with a sentence, when the coordinator will not have this trainer, or it can't do the work.</param>
    /// <param name="floor">Trials that the process holds already; null: none.</param>
    public TrainerActor(
        string name, Guid incarnation, TrainerCard card, IActorRef coordinator, ITraining training, TimeProvider clock, Action<string> refused,
        TrainingFloor? floor = null)
    {
        (_coordinator, _training, _clock, _refused, _beganAt) = (coordinator, training, clock, refused, clock.GetTimestamp());
        _book = new(name, incarnation, card);
        _floor = floor ?? new TrainingFloor(card.Slots, training, clock, Context.System.Logs());

        Receive<CoordinatorWord>(word => Hear(new TrainerNews.FromCoordinator(word)));
        Receive<TrainerNews>(Hear);
        Receive<Tick>(_ =>
        {
            _floor.Look();
            Hear(new TrainerNews.Tick());
        });
        Receive<CannotCompute>(problem =>
        {
            Hear(new TrainerNews.NoFingerprint());
            _log.CannotTrain(problem.Why);
            refused(problem.Why);
        });
        Receive<Leave>(BeginLeaving);
        Receive<AwaitRegistered>(_ =>
        {
            _awaitingRegistration.Add(Sender);
            if (_book.IsRegistered)
            {
                TellAll(_awaitingRegistration, IsRegistered.Instance);
            }
        });
        Receive<AskRegistered>(_ => Sender.Tell(_book.IsRegistered));
        ReceiveAny(other => _log.NotUnderstood(other)); // CoordinatorBusy and the like: everything is said again in time.
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickEvery);
        var self = Self;
        _floor.ListenWith(trial => self.Tell(new TrainerNews.FromFloor(trial.Key)));
        Hear(new TrainerNews.Connected());
    }

    /// <summary>The floor goes on: another actor may speak for it.</summary>
    protected override void PostStop() => _floor.ListenWith(null);

    private void Hear(TrainerNews news)
    {
        (_book, var effects) = TrainerDecider.Decide(_book, news, _floor.View, _clock.GetElapsedTime(_beganAt));
        foreach (var effect in effects)
        {
            Do(effect);
        }
    }

    private void Do(TrainerEffect effect)
    {
        switch (effect)
        {
            case TrainerEffect.Say say:
                _coordinator.Tell(say.Word);
                break;
            case TrainerEffect.SayDue due:
                if (_book.IsRegistered && _floor.Find(due.Key)?.NextWord(_book.Name, _book.Incarnation) is { } word)
                {
                    _coordinator.Tell(word);
                }

                break;
            case TrainerEffect.SayAgain again:
                _floor.Find(again.Key)?.SayAgain();
                break;
            case TrainerEffect.Take take:
                _floor.Take(take.Trials);
                break;
            case TrainerEffect.Written written:
                _floor.Find(written.Key)?.Written(written.LastEpoch);
                break;
            case TrainerEffect.FindingsWritten written:
                _floor.Find(written.Key)?.FindingsWritten(written.LastPart);
                break;
            case TrainerEffect.Drop drop:
                if (!drop.Ended && _floor.Find(drop.Key) is { } revoked)
                {
                    _log.TrialRevoked(revoked.Assignment);
                }

                _floor.Drop(drop.Key, drop.Ended);
                break;
            case TrainerEffect.StopAll:
                _floor.StopAll();
                break;
            case TrainerEffect.Drain drain:
                _floor.Drain(drain.Within);
                break;
            case TrainerEffect.ShowFingerprint:
                ComputeFingerprint();
                break;
            case TrainerEffect.Refused refused:
                _log.Refused(refused.Why);
                _refused(refused.Why);
                break;
            case TrainerEffect.Registered registered:
                if (registered.IsNew)
                {
                    _log.Registered(_book.Name, _book.Term, _floor.View.Hand.Length);
                }

                TellAll(_awaitingRegistration, IsRegistered.Instance);
                break;
            case TrainerEffect.Left:
                TellAll(_awaitingLeave, HasLeft.Instance);
                Timers.CancelAll();
                Context.Stop(Self);
                break;
            default:
                throw new NotSupportedException($"Nobody does a {effect.GetType().Name}.");
        }
    }

    private void BeginLeaving(Leave leave)
    {
        _awaitingLeave.Add(Sender);
        var held = _floor.View.Hand.Length;
        if (leave.EpochWithin is { } within)
        {
            _log.Drains(_book.Name, held, within.TotalSeconds);
        }
        else
        {
            _log.Leaves(_book.Name, leave.Why, held);
        }

        Timers.StartPeriodicTimer(nameof(Leave), Tick.Instance, LeaveEvery);
        Hear(new TrainerNews.Leave(leave.Why, leave.EpochWithin));
    }

    /// <summary>What this machine's arithmetic gives: computed once somebody asks, because it loads the tensor library.</summary>
    private void ComputeFingerprint()
    {
        var (self, training, log) = (Self, _training, _log);
        new Thread(() =>
        {
            try
            {
                var fingerprint = training.Fingerprint();
                log.Fingerprint(fingerprint);
                self.Tell(new TrainerNews.FingerprintShown(fingerprint, null));
            }
            catch (UnsteadyArithmeticException fault)
            {
                log.WouldComputeWrongly(fault.Message);
                self.Tell(new TrainerNews.FingerprintShown("", fault.Message));
            }
            catch (Exception problem)
            {
                self.Tell(new CannotCompute(
                    $"The tensor library can't be used on this machine, so this trainer can train nothing: {problem.Message.Split('\n', 2)[0]}"));
            }
        })
        { IsBackground = true, Name = "fingerprint" }.Start();
    }

    private static void TellAll(List<IActorRef> askers, object word)
    {
        askers.ForEach(asker => asker.Tell(word));
        askers.Clear();
    }

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

    /// <summary>Stop training, give everything back, leave; answered with <see cref="HasLeft"/> when the coordinator has written it down.</summary>
    /// <param name="EpochWithin">Trials may first end the epoch they are in, if it does not take longer than this; null: they stop at once.</param>
    public sealed record Leave(string Why, TimeSpan? EpochWithin = null) : INoSerializationVerificationNeeded;

    public sealed record HasLeft : INoSerializationVerificationNeeded
    {
        public static readonly HasLeft Instance = new();
    }

    /// <summary>Every second, and more often while it leaves; tests, which move the clock by hand, send it themselves.</summary>
    internal sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <param name="Why">A sentence for this trainer's operator: nothing would ever come to it, and nobody would see why.</param>
    private sealed record CannotCompute(string Why) : INoSerializationVerificationNeeded;
}
