using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

public sealed partial record SweepState
{
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
