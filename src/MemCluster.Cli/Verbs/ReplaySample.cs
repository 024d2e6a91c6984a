using System.Globalization;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Replaying;
using MemCluster.Reporting;
using MemCluster.Sweeps;

namespace MemCluster.Cli;

/// <summary>How many of the trials with a result an audit trains again.</summary>
/// <param name="Share">Of all of them, from 0 to 1; null where a number was said.</param>
internal sealed record ReplayShare(double? Share, int Count)
{
    public const string Expected = "a share of the trials such as 1%, or a number of them such as 50";

    public static ReplayShare? Parse(string text)
    {
        var trimmed = text.Trim();
        return trimmed.EndsWith('%')
            ? double.TryParse(trimmed[..^1].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100 ? new(percent / 100, 0) : null
            : int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? new(null, count) : null;
    }

    /// <summary>At least one, if there is one.</summary>
    public int Of(int trials) => Math.Min(trials, Share is { } share ? (int)Math.Ceiling(share * trials) : Count);
}

/// <summary>A trial that an audit trained again.</summary>
internal sealed record ReplayedTrial(SweepId Sweep, int Trial, bool Same, IReadOnlyList<ReplayDifference> Differences);

/// <summary>Trains trials again that chance picks, others each time: each that gives the same bits is one that nobody could have made up.</summary>
internal static class ReplaySample
{
    public static async Task<IReadOnlyList<ReplayedTrial>> Of(
        IOperator answerer, IEnumerable<SweepId> sweeps, ReplayShare share, string? data, Doors doors, Terminal terminal, CancellationToken cancel)
    {
        var ended = new List<(SweepId Sweep, int Trial)>();
        foreach (var sweep in sweeps)
        {
            await foreach (var row in answerer.Trials(sweep, cancel))
            {
                if (row.State is TrialState.Finished or TrialState.Diverged)
                {
                    ended.Add((sweep, row.Trial));
                }
            }
        }

        var picked = ended.ToArray();
        Random.Shared.Shuffle(picked);
        var replayed = new List<ReplayedTrial>();
        foreach (var (sweep, trial) in picked.Take(share.Of(picked.Length)))
        {
            var recorded = await RecordedTrial.Of(answerer, sweep.Name, trial.ToString(CultureInfo.InvariantCulture), cancel);
            if (doors.CheckData(recorded.Settings.Data, data) is { } missing)
            {
                throw new UserError(missing);
            }

            var place = $"{Numbers.Count(replayed.Count + 1)} of {Numbers.Count(share.Of(picked.Length))}";
            var replay = await Retrained.Of(recorded, data, $"again {place}: {ReplayLines.NameOf(recorded)}", doors, terminal, cancel);
            replayed.Add(new(sweep, trial, replay.Differences.Count == 0, replay.Differences));
        }

        return replayed;
    }

    public static IEnumerable<Line> Lines(IReadOnlyList<ReplayedTrial> replayed)
    {
        foreach (var forked in replayed.Where(trial => !trial.Same))
        {
            var first = forked.Differences[0];
            yield return new(
                Line.Fit($"FORKED  trial {Numbers.Count(forked.Trial)} of {forked.Sweep}: {first.What} is recorded as {first.Recorded}, and trained again it is {first.Replayed}", Line.Width), Tone.Bad);
            yield return $"All that differs: memcluster replay {forked.Sweep} {forked.Trial}";
        }

        var same = replayed.Count(trial => trial.Same);
        if (same > 0)
        {
            yield return new($"{Numbers.Count(same, "trial", "trials")} trained again: every weight and number the same.", Tone.Good);
        }
    }
}
