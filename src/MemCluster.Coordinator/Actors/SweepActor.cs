using Akka.Actor;
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
    private StreamHead? _measured;
    private SweepBook _ahead;
    private SweepBook _written;

    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    public SweepActor(SweepId sweep, int earlier, IActorRef coordinator, TimeProvider clock)
        : base(Streams.Control(sweep, earlier))
    {
        (_coordinator, _clock) = (coordinator, clock);
        _ahead = _written = new(sweep);
        Command<Submit>(TakeUp);
        Command<Do>(Handle);
        Command<Measured>(measured => _measured = measured.Head);
        Command<CantGoOn>(trouble => GiveUp(trouble.Why));
        Command<StopCoordinator>(_ => StopWhenWritten());
    }

    /// <summary>A snapshot is a byte a trial: of a large sweep it is worth more events.</summary>
    protected override long EventsPerSnapshot => Math.Clamp(_written.State!.Trials.Count / 2, 1000, 5000);

    protected override void Replay(IMessage happened) => _written = _written.Apply((SweepEvent)happened);

    protected override void Restore(IMessage snapshot) => _written = _written.With((SweepSnapshot)snapshot);

    protected override IMessage Snapshot() => _written.State!.ToSnapshot();

    protected override (TrialKey Key, int Trial)? TrialOf(IMessage happened) => happened switch
    {
        SweepEvent.TrialAssigned trial => (trial.Key, trial.Trial),
        SweepEvent.TrialLost trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFinished trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFailed trial => (trial.Key, trial.Trial),
        _ => null,
    };

    protected override void Recovered()
    {
        _ahead = _written = Broken is { } broken ? _written.Broken(StreamTrouble.Sentence(_written.Sweep, broken)) : _written;
        if (_written.Unreadable is { } why)
        {
            Logger.SweepUnreadable(_written.Sweep, why);
        }

        _coordinator.Tell(_written.Standing() is RosterWord.SweepOpened opened ? opened with { Head = Head } : _written.Standing());
    }

    /// <summary>What its trials measured can't be told any more.</summary>
    private void GiveUp(string why)
    {
        _ahead = _written = _written.Broken(why);
        Logger.SweepUnreadable(_written.Sweep, why);
        _coordinator.Tell(_written.Standing());
        _coordinator.Tell(new RosterWord.MetricsOpened(_written.Sweep, []));
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
                _coordinator.Tell(new RosterWord.SweepChanged(book.State!, book.Grid!, book.Problem) { Head = Head });
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
        var events = decision.Events.Select(Anchored).ToArray();
        Apply(events);
        var book = _ahead;
        Write(events, () =>
        {
            var done = new RosterWord.SweepDone(
                asked.Command, decision.Reply, decision.Reply is SweepReply.Assigned assigned ? [.. assigned.Trials.Select(book.Describe)] : [],
                _written.State!, asked.Trainer, asked.Asker);
            _coordinator.Tell(done with { Head = Head });
            SnapshotNowAndThen();
        });
    }

    /// <summary>The end of a trial names the last event of what was measured: where that is gone, this tells.</summary>
    private SweepEvent Anchored(SweepEvent happened) => happened is SweepEvent.TrialFinished finished && _measured is { } head
        ? finished with { Measured = head }
        : happened;

    private void Apply(IEnumerable<SweepEvent> events) => _ahead = events.Aggregate(_ahead, (book, happened) => book.Apply(happened));

    /// <summary>Writes the events, then does what follows; without events it still waits for the writes before it, whose outcome it may rest on.</summary>
    private void Write(IReadOnlyCollection<SweepEvent> events, Action then)
    {
        if (events.Count > 0)
        {
            var (handedOver, left) = (_clock.GetTimestamp(), events.Count);
            WriteAhead(events, happened =>
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

    /// <summary>The metric stream is written so far. Heard before any word that rests on it.</summary>
    public sealed record Measured(StreamHead Head) : INoSerializationVerificationNeeded;

    /// <summary>The metric stream can't be read.</summary>
    /// <param name="Why">A sentence for the operator.</param>
    public sealed record CantGoOn(string Why) : INoSerializationVerificationNeeded;

    /// <summary>A command for the rules; answered with <see cref="RosterWord.SweepDone"/>.</summary>
    /// <param name="Trainer">Whom it is about, for the coordinator to remember.</param>
    /// <param name="Asker">Who is told when it is done, likewise.</param>
    public sealed record Do(SweepCommand Command, string? Trainer = null, object? Asker = null) : INoSerializationVerificationNeeded;
}
