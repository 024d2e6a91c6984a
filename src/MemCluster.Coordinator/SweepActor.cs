using Akka.Actor;
using Akka.Persistence;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// Doorman of one sweep: hears a command, asks the rules, writes down, answers. It decides on a state applied ahead of the writes, so that
/// many writes are under way at once; an answer leaves after its own write. If a write fails the actor stops, the state ahead dies with it,
/// and its supervisor starts it again from what is written.
/// </summary>
public sealed class SweepActor : ReceivePersistentActor
{
    private const int EventsPerSnapshot = 5000;

    private readonly SweepId _sweep;
    private readonly IActorRef _coordinator;
    private readonly TimeProvider _clock;
    private readonly ILogger _log = Context.System.LogOf<SweepActor>();

    private Grid? _grid;
    private SweepSpec? _spec;
    private SweepState? _ahead;
    private SweepState? _written;
    private string? _unreadable;
    private long _snapshotAt;

    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    public SweepActor(SweepId sweep, int earlier, IActorRef coordinator, TimeProvider clock)
    {
        _sweep = sweep;
        PersistenceId = StreamOf(sweep, earlier);
        _coordinator = coordinator;
        _clock = clock;

        Recover<SnapshotOffer>(offer => Restore((SweepSnapshot)offer.Snapshot));
        Recover<SweepEvent>(Replay);
        Recover<RecoveryCompleted>(_ => Recovered());

        Command<Submit>(TakeUp);
        Command<Do>(Handle);
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => _log.NoSnapshot(PersistenceId, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.OldSnapshotsStay(PersistenceId, failed.Cause.Message));
        Command<StopCoordinator>(_ => DeferAsync(StopCoordinator.Instance, _ => Context.Stop(Self)));
    }

    public override string PersistenceId { get; }

    /// <summary>Name of the sweep's control stream in the journal. Events are never deleted: a name's next sweep begins a stream of its own.</summary>
    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    public static string StreamOf(SweepId sweep, int earlier = 0) => earlier == 0 ? $"sweep-{sweep}" : $"sweep-{sweep}.{earlier + 1}";

    /// <summary>A rejected event (it could not be serialized) leaves a state ahead that is not true: begin again from what is written.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <summary>The actor ends by itself after this.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        using var scope = TrialOf(@event) is var (key, trial) ? _log.BeginTrial(key, trial) : null;
        _log.NotWritten(cause, PersistenceId, sequenceNr, @event.GetType().Name);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _log.NotRecovered(reason, PersistenceId);

    private void Restore(SweepSnapshot snapshot)
    {
        if (ReadSpec(snapshot.Submitted))
        {
            _written = SweepState.FromSnapshot(snapshot, SweepShape.Of(_grid!));
        }

        _snapshotAt = LastSequenceNr;
    }

    private void Replay(SweepEvent happened)
    {
        if (happened is SweepEvent.SweepSubmitted submitted)
        {
            _written = ReadSpec(submitted) ? SweepState.Begin(submitted, SweepShape.Of(_grid!)) : null;
            return;
        }

        _written = _written?.Apply(happened);
        if (happened is SweepEvent.SpecAmended && _written is { } amended && !ReadSpec(amended.Submitted))
        {
            _written = null;
        }
    }

    private void Recovered()
    {
        _ahead = _written;
        if (_unreadable is { } why)
        {
            _log.SweepUnreadable(_sweep, why);
            _coordinator.Tell(new Unreadable(_sweep, why));
        }
        else if (_written is { Deleted: true })
        {
            _coordinator.Tell(new Gone(_sweep));
        }
        else if (_written is { } state)
        {
            _coordinator.Tell(new Opened(
                _spec!, [.. state.Running.Values], state.Counts(), VersionProblem(state), state.Hold, state.Priority, Recovered: true));
        }
        else
        {
            _coordinator.Tell(new Empty(_sweep));
        }
    }

    /// <summary>
    /// Recovery expands the spec again and checks it against the digest, so a later change of the rules can't rewrite an old sweep. One that
    /// can't be read stays as it is, and is no hindrance to the others.
    /// </summary>
    private bool ReadSpec(SweepEvent.SweepSubmitted submitted)
    {
        var reading = SpecFile.Parse(submitted.Spec, $"journal of {_sweep}", []);
        _unreadable = reading.Spec is not { } spec
            ? $"{_sweep} was begun by another version of this program, whose sweep files this one can't read: {string.Join("; ", reading.Problems)}"
            : spec.Digest != submitted.Digest || submitted.ExpansionVersion != Grid.ExpansionVersion
                ? $"{_sweep} was begun by another version of this program, and this one would make other trials of its file. Go on with the version it was begun with."
                : null;
        (_spec, _grid) = _unreadable is null ? (reading.Spec, new Grid(reading.Spec!)) : (null, null);
        return _unreadable is null;
    }

    private void TakeUp(Submit submit)
    {
        var asker = Sender;
        if (_unreadable is { } why)
        {
            asker.Tell(new SubmitReply(_sweep, Continued: true, new(0, 0, 0, 0, 0, 0, 0), [], [why]));
            return;
        }

        if (_ahead is { Deleted: true })
        {
            return; // Its coordinator is told already; who submits says it again, to the next sweep of that name.
        }

        if (_ahead is null)
        {
            var begun = new SweepEvent.SweepSubmitted(
                _sweep, submit.Spec.Canonical, submit.Spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version,
                new Grid(submit.Spec).Count, _clock.GetUtcNow());
            _spec = submit.Spec;
            _grid = new Grid(submit.Spec);
            _ahead = SweepState.Begin(begun, SweepShape.Of(_grid));
            var fresh = _ahead;
            Write([begun], () =>
            {
                _written = fresh;
                _log.Submitted(_sweep, begun.Trials);
                _coordinator.Tell(new Opened(_spec, [], fresh.Counts(), null));
                asker.Tell(new SubmitReply(_sweep, Continued: false, fresh.Counts(), [], []));
            });
            return;
        }

        var problems = _ahead.Submitted.Digest != submit.Spec.Digest
            ? Different(_spec!.Canonical, submit.Spec.Canonical)
            : VersionProblem(_ahead) is { } problem && !submit.AcceptVersion ? [problem] : Array.Empty<string>();
        var accepted = problems.Length == 0 && VersionProblem(_ahead) is not null
            ? new SweepEvent[] { new SweepEvent.VersionAccepted(_sweep, NumericsSettings.Version, _clock.GetUtcNow()) }
            : [];
        // Who submits a sweep again wants it to go on.
        if (problems.Length == 0 && _ahead.Hold != Holds.None)
        {
            accepted = [.. accepted, new SweepEvent.SweepResumed(_sweep, _clock.GetUtcNow())];
        }

        // The digest is the same, so the trials are; what else the file says is so from now on.
        if (problems.Length == 0 && _ahead.Submitted.Spec != submit.Spec.Canonical)
        {
            accepted = [.. accepted, new SweepEvent.SpecAmended(_sweep, submit.Spec.Canonical, _clock.GetUtcNow())];
            (_spec, _grid) = (submit.Spec, new Grid(submit.Spec));
        }

        Apply(accepted);
        var state = _ahead;
        Write(accepted, () =>
        {
            if (accepted.Length > 0)
            {
                _coordinator.Tell(new Opened(_spec!, [.. state.Running.Values], state.Counts(), null, state.Hold, state.Priority));
            }

            // Who got no answer says it again; that is no news.
            if (problems.Length == 0 && (accepted.Length > 0 || state.Counts().Ended > 0))
            {
                _log.GoesOn(_sweep, state.Counts().Ended, state.Trials.Count);
            }

            asker.Tell(new SubmitReply(_sweep, Continued: true, state.Counts(), Interrupted(state, submit.Unclaimed ?? []), problems));
        });
    }

    private void Handle(Do asked)
    {
        if (_ahead is null)
        {
            // Registered but never begun: the one who submits will say it again.
            asked.Operator?.Tell(new ControlReply(null, 0, _unreadable ?? $"{_sweep} was never begun; submit it again."));
            return;
        }

        var (command, asker) = (asked.Command, Sender);
        var decision = SweepDecider.Decide(_ahead, command, _clock.GetUtcNow());
        Apply(decision.Events);
        var assignments = decision.Reply is SweepReply.Assigned assigned ? assigned.Trials.Select(Describe).ToArray() : [];
        Write(decision.Events, () =>
        {
            asker.Tell(new Done(
                _sweep, command, decision.Reply, assignments, _written!.Counts(), _written.Hold, _written.Priority, asked.Operator));
            SnapshotNowAndThen();
        });
    }

    private void Apply(IEnumerable<SweepEvent> events)
    {
        foreach (var happened in events)
        {
            _ahead = _ahead!.Apply(happened);
        }
    }

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

                _written = happened is SweepEvent.SweepSubmitted ? _written : _written!.Apply(happened);
                Context.System.EventStream.Publish(new Written(PersistenceId, LastSequenceNr, happened));
            });
        }

        DeferAsync(then, after => after());
    }

    private static (TrialKey Key, int Trial)? TrialOf(object happened) => happened switch
    {
        SweepEvent.TrialAssigned trial => (trial.Key, trial.Trial),
        SweepEvent.TrialLost trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFinished trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFailed trial => (trial.Key, trial.Trial),
        _ => null,
    };

    private void SnapshotNowAndThen()
    {
        if (LastSequenceNr - _snapshotAt >= EventsPerSnapshot)
        {
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(_written!.ToSnapshot());
        }
    }

    private TrialAssignment Describe(AssignedTrial trial) =>
        new(trial.Key, trial.Trial, _grid!.LabelAt(trial.Trial - 1), _grid.SettingsAt(trial.Trial - 1));

    private static string? VersionProblem(SweepState state) => state.NumericsVersion == NumericsSettings.Version
        ? null
        : $"{state.Submitted.Sweep} was begun with {state.NumericsVersion}; this is {NumericsSettings.Version}, whose numbers may differ. "
            + "Go on with the version it was begun with, or say --accept-version.";

    private static string[] Different(string begun, string asked) =>
    [
        string.Join("\n  ", SpecDifference.Between(begun, asked).Prepend(
            "This home has a sweep of that name with other settings; give the sweep another name, or use another --home. The difference:")),
    ];

    /// <summary>Trials that were under way or had been lost, and have no result yet.</summary>
    private static HeldTrial[] Interrupted(SweepState state, IReadOnlyList<HeldTrial> unclaimed) =>
    [
        .. state.Lost
            .Where(lost => state.StateOf(lost.Key) == TrialState.Pending)
            .Select(lost => (Place: lost.Key, Trial: new HeldTrial(state.NextKey(lost.Key), lost.Value.Epoch)))
            .Concat(unclaimed
                .Where(held => state.Find(held.Key) is not null)
                .Select(held => (state.Find(held.Key)!.Place, Trial: held)))
            .OrderBy(entry => entry.Place)
            .Select(entry => entry.Trial),
    ];

    /// <summary>A command for the rules; answered with <see cref="Done"/>.</summary>
    /// <param name="Operator">Who is told when it is done, for the coordinator to remember.</param>
    public sealed record Do(SweepCommand Command, IActorRef? Operator = null) : INoSerializationVerificationNeeded;

    /// <summary>What the rules answered, after it was written down.</summary>
    public sealed record Done(
        SweepId Sweep, SweepCommand Command, SweepReply Reply, IReadOnlyList<TrialAssignment> Assignments, TrialCounts Counts,
        string Hold, int Priority, IActorRef? Operator) : INoSerializationVerificationNeeded;

    /// <summary>The sweep is recovered, or begun: what it knows to be under way. Told at every start, so that the coordinator can set its own book right.</summary>
    /// <param name="Recovered">Read from the journal at the actor's start, not told of a change.</param>
    /// <param name="VersionProblem">Why its trials may not be handed out by this version; null if they may.</param>
    public sealed record Opened(
        SweepSpec Spec, IReadOnlyList<Underway> Running, TrialCounts Counts, string? VersionProblem, string Hold = Holds.None, int Priority = 0,
        bool Recovered = false) : INoSerializationVerificationNeeded;

    /// <summary>It was begun by a version that this one does not understand; nothing will be done with it.</summary>
    /// <param name="Why">A sentence for the operator.</param>
    public sealed record Unreadable(SweepId Sweep, string Why) : INoSerializationVerificationNeeded;

    /// <summary>The stream has come to its end.</summary>
    public sealed record Gone(SweepId Sweep) : INoSerializationVerificationNeeded;

    /// <summary>Registered, but nothing was ever written.</summary>
    public sealed record Empty(SweepId Sweep) : INoSerializationVerificationNeeded;
}
