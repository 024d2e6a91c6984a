using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>
/// Doorman of the fleet, and the cluster's singleton: hears a word, asks the rules (<see cref="RosterDecider"/>), does what they say. It knows who
/// sits at which seat and which actors speak for which sweep; all else stands in the <see cref="Roster"/>.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's end is PostStop; there the gauges are disposed of.")]
public sealed class CoordinatorActor : JournaledActor, IWithTimers
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly CoordinatorSettings _settings;
    private readonly TimeProvider _clock;
    private readonly long _beganAt;
    private readonly CoordinatorGauges _gauges;
    private readonly FleetLog _fleetLog;
    private readonly Sitting _sitting = new(Context);
    private readonly Dictionary<SweepId, SweepActors> _sweeps = [];
    private Roster _roster;

    public CoordinatorActor(CoordinatorSettings settings, TimeProvider clock)
        : base(Streams.Coordinator)
    {
        (_settings, _clock, _beganAt) = (settings, clock, clock.GetTimestamp());
        _gauges = new(Context.System, settings.InCluster);
        _fleetLog = new(Logger);
        _roster = new(settings.Lease) { Only = settings.Only?.All };

        Command<RosterWord.SweepStands>(stands =>
        {
            if (_sweeps.TryGetValue(stands.Sweep, out var actors) && actors.Heard(Sender) is { } heard)
            {
                _sweeps[stands.Sweep] = heard;
                Hear(stands);
            }
        });
        Command<RosterWord>(Hear);
        Command<TrainerWord>(word => Hear(new RosterWord.FromTrainer(word)));
        Command<Submit>(submit =>
        {
            _settings.Only?.Add(submit.Spec.Name);
            Hear(new RosterWord.Asked(new SweepRequest.Submit(submit.Spec, submit.AcceptVersion, Sender)));
        });
        Command<ControlSweep>(control =>
        {
            if (control.Command is SweepCommand.Control.ResumeSweep or SweepCommand.Control.RetryTrials && _roster.Known.Contains(control.Sweep))
            {
                _settings.Only?.Add(control.Sweep);
            }

            Hear(new RosterWord.Asked(new SweepRequest.Control(control.Sweep, control.Command, Sender)));
        });
        Command<DrainTrainer>(drain => Hear(new RosterWord.DrainTrainer(drain.Trainer, drain.Drained, Sender)));
        Command<AskWhereabouts>(_ => Sender.Tell(new Whereabouts(_roster.Term, _settings.Node, _settings.Api)));
        Command<AskLive>(_ => Sender.Tell(Live()));
        Command<Tick>(_ =>
        {
            Hear(new RosterWord.Tick());
            ShowGauges();
        });
        Command<Terminated>(gone => GoneWith(gone.ActorRef));
        Command<StopCoordinator>(_ => StopInOrder());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The same over all starts after failed writes; another once the singleton has been elsewhere.</summary>
    private static long Singleton => Context.Parent.Path.Uid;

    private TimeSpan Now => _clock.GetElapsedTime(_beganAt);

    protected override void Replay(IMessage happened) => _roster = _roster.Apply((CoordinatorEvent)happened);

    protected override void Restore(IMessage snapshot) => _roster = _roster.With((CoordinatorSnapshot)snapshot);

    protected override IMessage Snapshot() => _roster.ToSnapshot();

    protected override void PostStop()
    {
        _settings.Standing.End();
        _gauges.Dispose();
        base.PostStop();
    }

    protected override void Recovered()
    {
        if (Broken is { } broken)
        {
            _settings.Broken(broken);
            Context.Stop(Self);
            return;
        }

        // Of two coordinators that each think they are the one, the earlier finds the later one's term here, and must not write.
        if (!_settings.Standing.MayBegin(Singleton, _roster.Term))
        {
            Logger.Replaced(_roster.Term);
            _settings.Replaced();
            Context.Stop(Self);
            return;
        }

        Follow(RosterDecider.Begin(_roster, _settings.Node, Moment()));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.FromSeconds(1));
    }

    private Moment Moment() => new(Now, _clock.GetUtcNow());

    private void Hear(RosterWord word) => Follow(RosterDecider.Decide(_roster, word, _settings.Node, Moment()));

    private void Follow(RosterDecision decision)
    {
        _roster = decision.Roster;
        Do(decision.Effects, Sender);
        ShowGauges();
    }

    private void Do(ImmutableArray<RosterEffect> effects, IActorRef asker)
    {
        foreach (var effect in effects)
        {
            Do(effect, asker);
        }
    }

    private void Do(RosterEffect effect, IActorRef asker)
    {
        switch (effect)
        {
            case RosterEffect.Write write:
                Write(write, asker);
                break;
            case RosterEffect.Answer answer:
                asker.Tell(answer.Word);
                break;
            case RosterEffect.Tell tell:
                _sitting[tell.Trainer].Tell(tell.Word);
                break;
            case RosterEffect.Assign assign:
                _sitting[assign.Trainer].Tell(new CoordinatorWord.AssignTrials(
                    assign.Term, [.. assign.Trials.Select(trial => AssignmentTrace.Traced(trial, assign.Trainer, assign.ChosenAt))]));
                break;
            case RosterEffect.Sit sit:
                _sitting.Sit(sit.Trainer, asker, sit.Incarnation);
                break;
            case RosterEffect.Rise rise:
                _sitting.Rise(rise.Trainer);
                break;
            case RosterEffect.Ask ask:
                _sweeps[ask.Sweep].Voice.Tell(new SweepActor.Do(ask.Command, ask.Trainer, ask.Asker));
                break;
            case RosterEffect.PassSubmit pass:
                _sweeps[pass.Submit.Sweep].Voice.Tell(new SweepActor.Submit(pass.Submit, pass.Unclaimed));
                break;
            case RosterEffect.Measure measure:
                _sweeps[measure.Sweep].Metrics.Tell(measure.Batch);
                break;
            case RosterEffect.ForgetAttempt forget:
                _sweeps[forget.Key.Sweep].Metrics.Tell(new MetricsActor.Forget(forget.Key));
                break;
            case RosterEffect.KeepAttempts keep:
                _sweeps[keep.Sweep].Metrics.Tell(new MetricsActor.Keep(keep.Running));
                break;
            case RosterEffect.OpenDesk open:
                _sweeps[open.Sweep] = SweepActors.Begin(Context, Self, open.Sweep, open.Earlier, _clock);
                break;
            case RosterEffect.CloseDesk close when _sweeps.Remove(close.Sweep, out var actors):
                actors.Stop();
                break;
            case RosterEffect.Hear hear:
                Hear(hear.Word);
                break;
            case RosterEffect.HearLast hear:
                Self.Tell(hear.Word);
                break;
            case RosterEffect.FindScores find:
                _settings.Find(find, Self);
                break;
            case RosterEffect.FindScoresLater later:
                Timers.StartSingleTimer(
                    (nameof(FindScores), later.Trial.Key), new RosterWord.FindScoresAgain(later.Trainer, later.Trial), ReadAgainAfter);
                break;
            case RosterEffect.Look look:
                _settings.Find(look, Self);
                break;
            case RosterEffect.LookLater later:
                Timers.StartSingleTimer((nameof(FindWanted), later.Sweep), new RosterWord.LookAgain(later.Sweep, later.State), ReadAgainAfter);
                break;
            case RosterEffect.Reply reply:
                ((IActorRef?)reply.Asker)?.Tell(reply.Word);
                break;
            case RosterEffect.ReplyNotThere reply:
                ((IActorRef?)reply.Asker)?.Tell(NotThere.Instance);
                break;
            case RosterEffect.Note note:
                _fleetLog.Tell(note.What, Now);
                break;
            default:
                throw new NotSupportedException($"Nobody does a {effect.GetType().Name}.");
        }
    }

    private void Write(RosterEffect.Write write, IActorRef asker)
    {
        var handedOver = _clock.GetTimestamp();
        WriteAndWait(write.Event, happened =>
        {
            CoordinatorMeters.Written(Streams.Coordinator, _clock.GetElapsedTime(handedOver));
            if (happened is CoordinatorEvent.TermBegan began)
            {
                _settings.Standing.Begin(Singleton, began.Term);
                Logger.TermBegan(_settings.Node, began.Term, _roster.Known.Count, _roster.Ended.Count);
            }
            else if (happened is CoordinatorEvent.SweepForgotten)
            {
                Publish(happened);
            }

            Do(write.Then, asker);
            SnapshotNowAndThen();
        });
    }

    private void GoneWith(IActorRef trainer)
    {
        foreach (var (seat, incarnation) in _sitting.Of(trainer))
        {
            Hear(new RosterWord.TrainerGone(seat, incarnation));
        }
    }

    private LiveAnswer Live() => new(
        _roster.Term, FleetView.Running(_roster), _roster.Desks.Keys.ToDictionary(sweep => sweep, sweep => _fleetLog.EpochsPerSecond(sweep, Now)),
        FleetView.Waiting(_roster), FleetView.Trainers(_roster));

    /// <summary>For those who look at the gauges, if anybody does.</summary>
    private void ShowGauges()
    {
        if (_gauges.IsOn)
        {
            var seats = _roster.Seats.Values.Where(seat => seat is { IsTaken: true, Card: not null }).ToArray();
            _gauges.Show(
                _roster.Desks.Values.Where(desk => desk.State is not null).Select(desk => (desk.Sweep, desk.State!.Counts())),
                seats.Sum(seat => seat.Card!.Slots),
                seats.Sum(seat => Math.Min(seat.Held.Count, seat.Card!.Slots)),
                seats.Select(seat => seat.Presence));
        }
    }

    /// <summary>First the sweeps finish their writes; the next coordinator then finds nothing under way.</summary>
    private void StopInOrder()
    {
        var open = new HashSet<IActorRef>(_sweeps.Values.SelectMany(actors => actors.All));
        foreach (var actor in open)
        {
            Context.Watch(actor);
        }

        foreach (var actors in _sweeps.Values)
        {
            actors.Stop();
        }

        void StopIfAllHave()
        {
            if (open.Count == 0)
            {
                StopWhenWritten();
            }
        }

        Become(() =>
        {
            Command<Terminated>(gone =>
            {
                open.Remove(gone.ActorRef);
                StopIfAllHave();
            });
            Command<StopCoordinator>(_ => { });
            CommandAny(_ => { }); // Whoever says it says it again, to the next.
        });
        StopIfAllHave();
    }

    /// <summary>Every second; tests, which move the clock by hand, send it themselves.</summary>
    internal sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
