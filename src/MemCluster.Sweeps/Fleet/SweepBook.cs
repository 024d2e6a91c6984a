using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// A sweep as its own stream tells it, from before its first event on. The stored spec is expanded again and checked against its digest, so a later
/// change of the rules can't rewrite an old sweep: one that can't be read stays as it is.
/// </summary>
/// <param name="Spec">Null until there is one, and where it can't be read.</param>
public sealed record SweepBook(SweepId Sweep, SweepSpec? Spec = null, Grid? Grid = null, SweepState? State = null)
{
    /// <summary>Why it can't be read, a sentence for the operator; null if it can.</summary>
    public string? Unreadable { get; private init; }

    /// <summary>Why its trials may not be handed out by this version; null if they may.</summary>
    public string? Problem => State is null || State.NumericsVersion == NumericsSettings.Version
        ? null
        : $"{Sweep} was begun with {State.NumericsVersion}; this is {NumericsSettings.Version}, whose numbers may differ. "
            + "Go on with the version it was begun with, or say --accept-version.";

    public SweepBook Apply(SweepEvent happened)
    {
        switch (happened)
        {
            case SweepEvent.SweepSubmitted submitted:
                var begun = Read(submitted);
                return begun.Grid is null ? begun : begun with { State = SweepState.Begin(submitted, SweepShape.Of(begun.Grid)) };
            case SweepEvent.SpecAmended when State is not null:
                var amended = this with { State = State.Apply(happened) };
                var read = Read(amended.State.Submitted);
                return read.Grid is null ? read : read with { State = amended.State.Reshaped(SweepShape.Of(read.Grid)) };
            default:
                return this with { State = State?.Apply(happened) };
        }
    }

    public SweepBook With(SweepSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var read = Read(snapshot.Submitted);
        return read.Grid is null ? read : read with { State = SweepState.FromSnapshot(snapshot, SweepShape.Of(read.Grid)) };
    }

    /// <summary>What the coordinator is told at each start of the sweep's actor.</summary>
    public RosterWord.SweepStands Standing() => this switch
    {
        { Unreadable: { } why } => new RosterWord.SweepUnreadable(Sweep, why),
        { State: null } => new RosterWord.SweepEmpty(Sweep),
        { State.Deleted: true } => new RosterWord.SweepGone(Sweep),
        _ => new RosterWord.SweepOpened(State, Grid!, Problem),
    };

    /// <summary>The assignment that tells a trainer what to do. Trials that only compute scores keep no weights.</summary>
    public TrialAssignment Describe(AssignedTrial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return new(
            trial.Key, trial.Trial, Grid!.LabelAt(trial.Trial - 1), Grid.SettingsAt(trial.Trial - 1), Limits: Spec!.Limits == TrialLimits.None ? null : Spec.Limits,
            Keep: Spec.Keep == WeightsPlan.None || trial.Trial > Grid.Count ? null : Spec.Keep);
    }

    /// <summary>Its stream can't be read to its end: what was read says nothing about how it stands.</summary>
    public SweepBook Broken(string why) => new(Sweep) { Unreadable = why };

    private SweepBook Read(SweepEvent.SweepSubmitted submitted)
    {
        var reading = SpecFile.Parse(submitted.Spec, $"journal of {Sweep}", []);
        var why = reading.Spec is not { } spec
            ? $"{Sweep} was begun by another version of this program, whose sweep files this one can't read: {string.Join("; ", reading.Problems)}"
            : spec.Digest != submitted.Digest || submitted.ExpansionVersion != Grid.ExpansionVersion
                ? $"{Sweep} was begun by another version of this program, and this one would make other trials of its file. Go on with the version it was begun with."
                : null;
        return why is null ? new(Sweep, reading.Spec, new(reading.Spec!)) : new(Sweep) { Unreadable = why };
    }
}
