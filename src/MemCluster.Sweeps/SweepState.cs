using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>A trial under way; only these have a record of their own.</summary>
/// <param name="Place">In the grid, from 0.</param>
public sealed record Underway(TrialKey Key, int Place, string Trainer, DateTimeOffset Since);

/// <summary>A trial that was lost and is pending again.</summary>
/// <param name="Attempts">Used up so far; the next one takes the next number.</param>
/// <param name="Epoch">Reached by the last of them: work to repeat.</param>
/// <param name="Fruitless">How many of them in a row, the last included, were lost with their trainer and came no further than those before.</param>
public sealed record LostTrial(int Attempts, int Epoch, int Fruitless = 0)
{
    /// <summary>It may be what ends its trainers: others go first, so that it can't keep them from being tried at all.</summary>
    public bool IsSuspect => Fruitless >= 2;
}

/// <summary>What the grid tells the rules: nothing of what a trial means, only what it is.</summary>
/// <param name="Trials">How many there are.</param>
/// <param name="CellAt">The identity of the trial at a place, from 0.</param>
/// <param name="InstructionSet">What the sweep's arithmetic asks of a trainer; empty if it does none (sleep).</param>
public sealed record SweepShape(int Trials, Func<int, CellId> CellAt, string InstructionSet)
{
    /// <summary>Trials that compute scores for others; their places are those behind the grid's.</summary>
    public int ScoringTrials { get; init; }

    /// <summary>Places of the scoring trials that a trial of the grid waits for.</summary>
    public Func<int, IReadOnlyList<int>> ScoresOf { get; init; } = _ => [];

    /// <summary>Places of the trials of the grid that wait for a scoring trial.</summary>
    public Func<int, IReadOnlyList<int>> PrunedBy { get; init; } = _ => [];

    /// <summary>As in <see cref="SweepSpec.Retries"/>.</summary>
    public int Retries { get; init; } = SweepSpec.UsualRetries;

    /// <summary>Seeds of a configuration: its trials stand side by side.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Claims say which of them are trained.</summary>
    public bool Asks { get; init; }

    public static SweepShape Of(Grid grid)
    {
        var networks = grid.Spec.Axes.FirstOrDefault(axis => axis.Name == SettingsSchema.Find(SettingsSchema.NetworkKind)!.Name);
        var sleeps = networks?.Values.All(kind => kind == NetworkSettings.Sleep) ?? grid.Spec.Base.Network.Kind == NetworkSettings.Sleep;
        return new(grid.Count, grid.CellAt, sleeps ? "" : grid.SettingsAt(0).Numerics.InstructionSet)
        {
            ScoringTrials = grid.ScoringCount,
            ScoresOf = grid.ScoresOf,
            PrunedBy = grid.PrunedBy,
            Retries = grid.Spec.Retries,
            Seeds = grid.Spec.Seeds.Count,
            Asks = grid.Spec.Replicates is not null,
        };
    }
}

/// <summary>
/// A sweep as its control events tell it. <see cref="Apply"/> never refuses and asks nobody: the event has already happened.
/// </summary>
public sealed partial record SweepState
{
    private SweepState(SweepEvent.SweepSubmitted submitted, SweepShape shape, TrialStates trials, TrialStates scores) =>
        (Submitted, Shape, Trials, Scores, NumericsVersion) = (submitted, shape, trials, scores, submitted.NumericsVersion);

    /// <summary>The first event, with the spec as it was last amended.</summary>
    public SweepEvent.SweepSubmitted Submitted { get; private init; }

    public SweepShape Shape { get; init; }

    public TrialStates Trials { get; private init; }

    /// <summary>The trials that compute scores for others, in the order of their places behind the grid's.</summary>
    public TrialStates Scores { get; private init; }

    /// <summary>Of the program that may go on with the sweep.</summary>
    public string NumericsVersion { get; private init; }

    /// <summary>What the arithmetic of the whole sweep gives on a fixed training run; null until the first trial is assigned.</summary>
    public string? Fingerprint { get; private init; }

    /// <summary>By cell, because that is what a word about a trial names.</summary>
    public ImmutableDictionary<CellId, Underway> Running { get; private init; } = ImmutableDictionary<CellId, Underway>.Empty;

    /// <summary>Trials without a result that were lost at least once, by place.</summary>
    public ImmutableDictionary<int, LostTrial> Lost { get; private init; } = ImmutableDictionary<int, LostTrial>.Empty;

    /// <summary>Of trials that failed and are to be tried elsewhere, by place: the trainers where they did, once for each time.</summary>
    public ImmutableDictionary<int, ImmutableArray<string>> FailedOn { get; private init; } = ImmutableDictionary<int, ImmutableArray<string>>.Empty;

    /// <summary>Attempts used up by trials that failed or were cancelled, by place: a retry must not use a number twice.</summary>
    public ImmutableDictionary<int, int> Spent { get; private init; } = ImmutableDictionary<int, int>.Empty;

    /// <summary>One of <see cref="Holds"/>.</summary>
    public string Hold { get; private init; } = Holds.None;

    /// <summary>A higher one gets free slots first.</summary>
    public int Priority { get; private init; }

    /// <summary>Its last event has happened.</summary>
    public bool Deleted { get; private init; }

    /// <summary>Every place below this one is not pending, so that the next pending trial is found at once.</summary>
    private int Cursor { get; init; }

    public static SweepState Begin(SweepEvent.SweepSubmitted submitted, SweepShape shape) =>
        new SweepState(submitted, shape, Unasked(shape), TrialStates.AllPending(shape.ScoringTrials)).WithWaiting();

    /// <param name="place">In the grid, or behind it.</param>
    public TrialState StateOf(int place) => place < Trials.Count ? Trials[place] : Scores[place - Trials.Count];

    /// <summary>The attempt that is under way under exactly this key, if there is one.</summary>
    public Underway? Find(TrialKey key) => Running.TryGetValue(key.Cell, out var trial) && trial.Key == key ? trial : null;

    /// <summary>The trial at this place is that cell, and has its result: nobody will ever train it again.</summary>
    public bool HasResult(int place, CellId cell) => place >= 0 && place < Shape.Trials + Shape.ScoringTrials
        && StateOf(place) is TrialState.Finished or TrialState.Diverged && Shape.CellAt(place) == cell;

    /// <summary>How many trials are under way with a trainer of this name.</summary>
    public int HeldBy(string trainer) => Running.Values.Count(trial => trial.Trainer == trainer);

    /// <summary>
    /// The places that can be handed out to a trainer: scoring trials, since others wait for them, then those of the grid in its order; at last those that may
    /// be what ended their trainers. Without those that failed there while others could try them.
    /// </summary>
    /// <param name="elsewhere">Other trainers that could do the sweep's trials.</param>
    public IEnumerable<int> PendingPlaces(string trainer, IReadOnlyCollection<string> elsewhere)
    {
        var suspects = new List<int>();
        foreach (var place in Pending().Where(place => !IsForOthers(place, trainer, elsewhere)))
        {
            if (Lost.GetValueOrDefault(place) is { IsSuspect: true })
            {
                suspects.Add(place);
            }
            else
            {
                yield return place;
            }
        }

        foreach (var place in suspects.OrderBy(place => Lost[place].Fruitless))
        {
            yield return place;
        }
    }

    /// <summary>How many trials that can be handed out are not for this trainer: they failed there, and others could try them.</summary>
    /// <param name="elsewhere">As in <see cref="PendingPlaces"/>.</param>
    public int ReadyForOthers(string trainer, IReadOnlyCollection<string> elsewhere) =>
        FailedOn.Keys.Count(place => StateOf(place) == TrialState.Pending && IsForOthers(place, trainer, elsewhere));

    /// <summary>The trainers where the trial at this place failed, once for each time.</summary>
    public ImmutableArray<string> FailuresOf(int place) => FailedOn.GetValueOrDefault(place, []);

    /// <summary>The key of a pending trial's next attempt.</summary>
    public TrialKey NextKey(int place) => new(
        Submitted.Sweep, Shape.CellAt(place), Math.Max(Lost.GetValueOrDefault(place)?.Attempts ?? 0, Spent.GetValueOrDefault(place)) + 1);

    public SweepState Apply(SweepEvent happened) => happened switch
    {
        SweepEvent.SpecAmended amended => this with { Submitted = Submitted with { Spec = amended.Spec }, IsSettled = false },
        SweepEvent.SeedsAsked asked => WithAsked(asked),
        SweepEvent.FingerprintSettled settled => this with { Fingerprint = settled.Fingerprint },
        SweepEvent.VersionAccepted accepted => this with { NumericsVersion = accepted.NumericsVersion },
        SweepEvent.TrialAssigned assigned => With(assigned.Trial - 1, TrialState.Running) with
        {
            Running = Running.SetItem(assigned.Key.Cell, new(assigned.Key, assigned.Trial - 1, assigned.Trainer, assigned.At)),
            Cursor = assigned.Trial - 1 == Cursor ? assigned.Trial : Cursor,
        },
        SweepEvent.TrialLost lost => With(lost.Trial - 1, TrialState.Pending) with
        {
            Running = Running.Remove(lost.Key.Cell),
            Lost = Lost.SetItem(lost.Trial - 1, After(Lost.GetValueOrDefault(lost.Trial - 1), lost)),
            FailedOn = lost.Fault is { } fault ? FailedOn.SetItem(lost.Trial - 1, FailuresOf(lost.Trial - 1).Add(fault.Trainer)) : FailedOn,
            Cursor = Math.Min(Cursor, lost.Trial - 1),
        },
        SweepEvent.TrialFinished finished => Ended(finished.Key, finished.Trial, finished.Outcome.State),
        SweepEvent.TrialFailed failed => Ended(failed.Key, failed.Trial, TrialState.Failed) with
        {
            Spent = Spent.SetItem(failed.Trial - 1, failed.Key.Attempt),
        },
        SweepEvent.SweepHeld held => this with { Hold = held.Hold },
        SweepEvent.SweepResumed => this with { Hold = Holds.None },
        SweepEvent.PrioritySet set => this with { Priority = set.Priority },
        SweepEvent.SweepDeleted => this with { Deleted = true },
        SweepEvent.SweepCancelled => this with
        {
            Trials = Trials.WithAll(TrialState.Cancelled, TrialState.Pending, TrialState.Running, TrialState.Waiting, TrialState.Spare),
            Scores = Scores.WithAll(TrialState.Cancelled, TrialState.Pending, TrialState.Running),
            Spent = Spent
                .SetItems(Lost.Select(lost => KeyValuePair.Create(lost.Key, lost.Value.Attempts)))
                .SetItems(Running.Values.Select(trial => KeyValuePair.Create(trial.Place, trial.Key.Attempt))),
            Running = Running.Clear(),
            Lost = Lost.Clear(),
            FailedOn = FailedOn.Clear(),
            Hold = Holds.None,
            IsSettled = false,
        },
        SweepEvent.TrialsRetried retried => (this with
        {
            Trials = Shape.Asks && !retried.OnlyFailed ? Trials.WithAll(TrialState.Pending, TrialState.Failed).WithAll(TrialState.Spare, TrialState.Cancelled) : Retried(Trials, retried),
            Scores = Retried(Scores, retried),
            Cursor = 0,
            IsSettled = false,
        }).WithWaiting(),
        _ => throw new NotSupportedException($"A {happened.GetType().Name} is no event within a sweep."),
    };

    private static TrialStates Retried(TrialStates trials, SweepEvent.TrialsRetried retried) => retried.OnlyFailed
        ? trials.WithAll(TrialState.Pending, TrialState.Failed)
        : trials.WithAll(TrialState.Pending, TrialState.Failed, TrialState.Cancelled);

    private static LostTrial After(LostTrial? before, SweepEvent.TrialLost lost) => new(
        lost.Key.Attempt, lost.Epoch, lost is { HandedBack: null, Fault: null } && lost.Epoch <= (before?.Epoch ?? 0) ? (before?.Fruitless ?? 0) + 1 : 0);

    /// <summary>It failed there, and somebody is left who has not tried it.</summary>
    private bool IsForOthers(int place, string trainer, IReadOnlyCollection<string> elsewhere) =>
        FailedOn.TryGetValue(place, out var on) && on.Contains(trainer) && elsewhere.Any(other => !on.Contains(other));

    private IEnumerable<int> Pending()
    {
        for (var score = Scores.NextPending(0); score < Scores.Count; score = Scores.NextPending(score + 1))
        {
            yield return Trials.Count + score;
        }

        for (var place = Trials.NextPending(Cursor); place < Trials.Count; place = Trials.NextPending(place + 1))
        {
            yield return place;
        }
    }

    private SweepState With(int place, TrialState state) => place < Trials.Count
        ? this with { Trials = Trials.With(place, state) }
        : this with { Scores = Scores.With(place - Trials.Count, state) };

    private SweepState Ended(TrialKey key, int trial, TrialState state)
    {
        var ended = With(trial - 1, state) with
        {
            Running = Running.Remove(key.Cell),
            Lost = Lost.Remove(trial - 1),
            FailedOn = FailedOn.Remove(trial - 1),
            Spent = Spent.Remove(trial - 1),
        };
        return trial > Trials.Count && state == TrialState.Finished ? ended.WithReleased(trial - 1) : ended;
    }

    /// <summary>Its scores are there: whoever waited for these alone can be handed out.</summary>
    private SweepState WithReleased(int scoringPlace)
    {
        int[] ready = [.. Shape.PrunedBy(scoringPlace).Where(place => Trials[place] == TrialState.Waiting && ScoresAre(place, TrialState.Finished))];
        return ready.Length == 0 ? this : this with { Trials = Trials.With(ready, TrialState.Pending), Cursor = Math.Min(Cursor, ready[0]) };
    }

    private bool ScoresAre(int place, TrialState state) => Shape.ScoresOf(place).All(score => StateOf(score) == state);

    /// <summary>Pending trials whose scores are not there wait; asked of the whole sweep at its begin and at a retry only.</summary>
    private SweepState WithWaiting()
    {
        int[] waiting = [.. Enumerable.Range(Trials.Count, Scores.Count)
            .Where(score => StateOf(score) != TrialState.Finished)
            .SelectMany(score => Shape.PrunedBy(score)).Distinct().Where(place => Trials[place] == TrialState.Pending)];
        return waiting.Length == 0 ? this : this with { Trials = Trials.With(waiting, TrialState.Waiting) };
    }
}
