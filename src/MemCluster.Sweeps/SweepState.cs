using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// A sweep as its control events tell it. <see cref="Apply"/> never refuses and asks nobody: the event has already happened.
/// Where claims ask for seeds all that they may ask for have their trials, whose numbers do not depend on what was asked; those not asked for are spare.
/// </summary>
public sealed record SweepState
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

    /// <summary>No claim asks for more seeds.</summary>
    public bool IsSettled { get; private init; }

    /// <summary>Every trial that was asked for has ended, and nobody will ask for more.</summary>
    public bool IsOver => AllEnded && (IsSettled || Trials.CountOf(TrialState.Spare) == 0);

    /// <summary>Every trial that was asked for has ended: the claims are to be looked at, and ask for more or for no more.</summary>
    public bool AwaitsLook => AllEnded && !IsOver && !Deleted;

    private bool AllEnded => Trials.CountOf(TrialState.Pending) + Trials.CountOf(TrialState.Waiting) + Scores.CountOf(TrialState.Pending) == 0 && Running.IsEmpty;

    /// <summary>While claims may ask for more, what they may ask for is to come: a sweep between two looks is not over for anybody.</summary>
    public TrialCounts Counts()
    {
        var (counts, spare) = (Trials.Counts(), Trials.CountOf(TrialState.Spare));
        return counts with
        {
            Trials = IsSettled ? counts.Trials - spare : counts.Trials,
            Places = IsSettled && spare > 0 ? counts.Trials : null,
            Pending = IsSettled ? counts.Pending : counts.Pending + spare,
            Waiting = IsSettled ? counts.Waiting : counts.Waiting + spare,
            Scores = Scores.Count == 0 ? null : Scores.Counts(),
        };
    }

    /// <summary>The spec was amended, and this is what it now expands to.</summary>
    public SweepState Reshaped(SweepShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Asks || Trials.CountOf(TrialState.Spare) == 0 ? this with { Shape = shape } : this with { Shape = shape, Trials = Trials.WithAll(TrialState.Pending, TrialState.Spare), Cursor = 0 };
    }

    private static TrialStates Unasked(SweepShape shape) =>
        shape.Asks ? TrialStates.AllPending(shape.Trials).WithAll(TrialState.Spare, TrialState.Pending) : TrialStates.AllPending(shape.Trials);

    private SweepState WithAsked(SweepEvent.SeedsAsked asked)
    {
        var places = asked.Asked
            .SelectMany(run => Enumerable.Range(run.First - 1, run.Last - run.First + 1).SelectMany(configuration => Enumerable.Range(configuration * Shape.Seeds, run.Seeds)))
            .Where(place => Trials[place] == TrialState.Spare).ToArray();
        return this with
        {
            Trials = places.Length == 0 ? Trials : Trials.With(places, TrialState.Pending),
            Cursor = places.Length == 0 ? Cursor : Math.Min(Cursor, places[0]),
            IsSettled = asked.Done,
        };
    }

    public SweepSnapshot ToSnapshot() => new(
        Submitted, NumericsVersion, Fingerprint, Trials.Pack(),
        [.. Running.Values.Select(trial => new RunningSnapshot(trial.Key, trial.Place + 1, trial.Trainer, trial.Since))],
        [.. Lost.Select(lost => new LostSnapshot(lost.Key + 1, lost.Value.Attempts, lost.Value.Epoch, lost.Value.Fruitless > 0 ? lost.Value.Fruitless : null))],
        [.. Spent.Select(spent => new SpentSnapshot(spent.Key + 1, spent.Value))],
        Hold.Length > 0 ? Hold : null,
        Priority != 0 ? Priority : null,
        Deleted ? true : null,
        Scores.Count == 0 ? null : Scores.Pack(),
        FailedOn.IsEmpty ? null : [.. FailedOn.OrderBy(failed => failed.Key).Select(failed => new FailedSnapshot(failed.Key + 1, failed.Value))],
        IsSettled ? true : null);

    public static SweepState FromSnapshot(SweepSnapshot snapshot, SweepShape shape) => new(
        snapshot.Submitted, shape, TrialStates.Unpack(shape.Trials, snapshot.States),
        snapshot.Scores is { } scores ? TrialStates.Unpack(shape.ScoringTrials, scores) : TrialStates.AllPending(shape.ScoringTrials))
    {
        NumericsVersion = snapshot.NumericsVersion,
        Fingerprint = snapshot.Fingerprint,
        Running = snapshot.Running.ToImmutableDictionary(
            trial => trial.Key.Cell, trial => new Underway(trial.Key, trial.Trial - 1, trial.Trainer, trial.Since)),
        Lost = snapshot.Lost.ToImmutableDictionary(lost => lost.Trial - 1, lost => new LostTrial(lost.Attempts, lost.Epoch, lost.Fruitless ?? 0)),
        FailedOn = (snapshot.Failed ?? []).ToImmutableDictionary(failed => failed.Trial - 1, failed => failed.On.ToImmutableArray()),
        Spent = snapshot.Spent is { } spent
            ? spent.ToImmutableDictionary(trial => trial.Trial - 1, trial => trial.Attempts)
            : SpentUnknown(TrialStates.Unpack(shape.Trials, snapshot.States)),
        Hold = snapshot.Hold ?? Holds.None,
        Priority = snapshot.Priority ?? 0,
        Deleted = snapshot.Deleted ?? false,
        IsSettled = snapshot.Settled ?? false,
    };

    /// <summary>A snapshot of an older version does not say how many attempts a failed trial had: leave room for more than there can have been.</summary>
    private static ImmutableDictionary<int, int> SpentUnknown(TrialStates trials) => trials.CountOf(TrialState.Failed) == 0
        ? ImmutableDictionary<int, int>.Empty
        : Enumerable.Range(0, trials.Count).Where(place => trials[place] == TrialState.Failed).ToImmutableDictionary(place => place, _ => 1000);
}
