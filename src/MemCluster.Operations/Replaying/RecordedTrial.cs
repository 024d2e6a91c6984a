using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Sweeps;

namespace MemCluster.Operations.Replaying;

/// <summary>All that the journal says of a trial that ended with a result, and what it takes to train it again.</summary>
/// <param name="Kept">As in <see cref="KeptExamples"/>.</param>
/// <param name="Attempt">The one that ended it.</param>
/// <param name="Epochs">Of that attempt.</param>
public sealed record RecordedTrial(
    SweepId Sweep, int Trial, TrialSettings Settings, byte[]? Kept, AttemptRow Attempt, IReadOnlyList<EpochRow> Epochs, TrialOutcome Outcome)
{
    /// <param name="sweep">Its name; null where there is only one.</param>
    /// <param name="trial">Its number, of a trial that computes scores too.</param>
    /// <exception cref="UserError">There is no such trial, it has no result, or its numbers are those of another version.</exception>
    public static async Task<RecordedTrial> Of(IOperator answerer, string? sweep, string? trial, CancellationToken cancel)
    {
        var (summary, number) = await TrialChoice.Of(
            answerer, sweep, trial, one => one.Counts.LastTrial + (one.Counts.Scores?.Trials ?? 0), cancel);
        var name = summary.Sweep;
        if (await answerer.NumericsVersion(name, cancel) is { } version && version != NumericsSettings.Version)
        {
            throw new UserError($"{name} was computed with {version}; this is {NumericsSettings.Version}, whose numbers may differ. Replay it with the version that it was computed with.");
        }

        var spec = await SweepChoice.SpecOf(answerer, name, cancel);
        var story = await answerer.Trial(name, number, cancel) ?? throw TrialChoice.IsGone(name, number);
        if (story.Row.State is not (TrialState.Finished or TrialState.Diverged)
            || story.Attempts.LastOrDefault(attempt => attempt.Ended is "finished" or "diverged") is not { } attempt)
        {
            var state = story.Row.State == TrialState.Running ? "running" : Numbers.StateName(story.Row.State);
            throw new UserError($"Trial {number} of {name} is {state} and has no result that a replay could be compared with. Its story: memcluster trial {name} {number}");
        }

        var epochs = new List<EpochRow>();
        await foreach (var epoch in answerer.Epochs(name, number, cancel))
        {
            if (epoch.Attempt == attempt.Attempt)
            {
                epochs.Add(epoch);
            }
        }

        if (epochs.Count == 0 && story.Row.Epochs > 0)
        {
            throw new UserError($"Nobody here tells the epochs of trial {number} of {name}: the coordinator that was asked may be of an earlier version. Ask the home itself: --home DIR");
        }

        var grid = new Grid(spec);
        return new(
            name, number, grid.SettingsAt(number - 1), await KeptExamples.Of(answerer, grid, number - 1, cancel), attempt, epochs,
            new(story.Row.State, story.Row.Epochs, story.Row.Measures, story.Row.Weights) { Absent = story.Row.Absent });
    }
}
