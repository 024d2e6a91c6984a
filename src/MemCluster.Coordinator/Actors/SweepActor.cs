using Akka.Actor;
using Akka.Persistence;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>
/// Doorman of one sweep: hears a command, asks the rules, writes down, answers. It decides on a state applied ahead of the writes, so that
/// many writes are under way at once; an answer leaves after its own write. If a write fails the actor stops, the state ahead dies with it,
/// and its supervisor starts it again from what is written.
/// </summary>
public sealed class SweepActor : JournaledActor
{
    private readonly IActorRef _coordinator;
    private readonly TimeProvider _clock;
    private SweepBook _ahead;
    private SweepBook _written;

    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    public SweepActor(SweepId sweep, int earlier, IActorRef coordinator, TimeProvider clock)
        : base(Streams.Control(sweep, earlier), eventsPerSnapshot: 5000)
    {
        (_coordinator, _clock) = (coordinator, clock);
        _ahead = _written = new(sweep);
        Recover<SweepEvent>(happened => _written = _written.Apply(happened));
        Recover<RecoveryCompleted>(_ => Recovered());

        Command<Submit>(TakeUp);
        Command<Do>(Handle);
        Command<StopCoordinator>(_ => StopWhenWritten());
    }

    protected override void Restore(IMessage snapshot) => _written = _written.With((SweepSnapshot)snapshot);

    protected override IMessage Snapshot() => _written.State!.ToSnapshot();

    protected override (TrialKey Key, int Trial)? TrialOf(object happened) => happened switch
    {
        SweepEvent.TrialAssigned trial => (trial.Key, trial.Trial),
        SweepEvent.TrialLost trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFinished trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFailed trial => (trial.Key, trial.Trial),
        _ => null,
    };

    private void Recovered()
    {
        _ahead = _written;
        if (_written.Unreadable is { } why)
        {
            Logger.SweepUnreadable(_written.Sweep, why);
        }

        _coordinator.Tell(_written.Standing());
    }

    private void TakeUp(Submit submit)
    {
        var begins = _ahead.State is null;
        var decision = Submission.Decide(_ahead, submit.Request, submit.Unclaimed, _clock.GetUtcNow());
        Apply(decision.Events);
        var book = _ahead;
        Write(decision.Events, () =>
        {
            if (decision.Events.Length > 0)
            {
                _coordinator.Tell(new RosterWord.SweepChanged(book.State!, book.Grid!, book.Problem));
            }

            if (decision.Reply is { } reply)
            {
                Tell(begins, decision);
                ((IActorRef?)submit.Request.Asker)?.Tell(reply);
            }

            _coordinator.Tell(new RosterWord.SubmitAnswered(book.Sweep));
        });
    }

    private void Tell(bool begins, Submitted decision)
    {
        var (sweep, counts) = (decision.Reply!.Sweep, decision.Reply.Counts);
        if (begins && decision.Events.Length > 0)
        {
            Logger.Submitted(sweep, counts.Trials);
        }
        else if (decision.Reply.Problems.Count == 0 && (decision.Events.Length > 0 || counts.Ended > 0))
        {
            Logger.GoesOn(sweep, counts.Ended, counts.Trials); // Who got no answer says it again; that is no news.
        }
    }

    private void Handle(Do asked)
    {
        if (_ahead.State is not { } state)
        {
            // Registered but never begun: the one who submits will say it again.
            ((IActorRef?)asked.Asker)?.Tell(new ControlReply(null, 0, _ahead.Unreadable ?? $"{_ahead.Sweep} was never begun; submit it again."));
            _coordinator.Tell(new RosterWord.SubmitAnswered(_ahead.Sweep));
            return;
        }

        var decision = SweepDecider.Decide(state, asked.Command, _clock.GetUtcNow());
        Apply(decision.Events);
        var book = _ahead;
        Write(decision.Events, () =>
        {
            _coordinator.Tell(new RosterWord.SweepDone(
                asked.Command, decision.Reply, decision.Reply is SweepReply.Assigned assigned ? [.. assigned.Trials.Select(book.Describe)] : [],
                _written.State!, asked.Trainer, asked.Asker));
            SnapshotNowAndThen();
        });
    }

    private void Apply(IEnumerable<SweepEvent> events) => _ahead = events.Aggregate(_ahead, (book, happened) => book.Apply(happened));

    /// <summary>Writes the events, then does what follows; without events it still waits for the writes before it, whose outcome it may rest on.</summary>
    private void Write(IReadOnlyCollection<SweepEvent> events, Action then)
    {
        if (events.Count > 0)
        {
            var (handedOver, left) = (_clock.GetTimestamp(), events.Count);
            PersistAllAsync(events, happened =>
            {
                if (--left == 0)
                {
                    CoordinatorMeters.Written("control", _clock.GetElapsedTime(handedOver));
                }

                _written = _written.Apply(happened);
                Publish(happened);
            });
        }

        DeferAsync(then, after => after());
    }

    /// <summary>Take up this sweep, or go on with it; the asker is answered with a <see cref="SubmitReply"/>.</summary>
    /// <param name="Unclaimed">As in <see cref="RosterEffect.PassSubmit"/>.</param>
    public sealed record Submit(SweepRequest.Submit Request, IReadOnlyList<HeldTrial> Unclaimed) : INoSerializationVerificationNeeded;

    /// <summary>A command for the rules; answered with <see cref="RosterWord.SweepDone"/>.</summary>
    /// <param name="Trainer">Whom it is about, for the coordinator to remember.</param>
    /// <param name="Asker">Who is told when it is done, likewise.</param>
    public sealed record Do(SweepCommand Command, string? Trainer = null, object? Asker = null) : INoSerializationVerificationNeeded;
}
