using MemCluster.Messages;

namespace MemCluster.Reporting.Tables;

/// <summary>How a sweep of several ended.</summary>
/// <param name="Claims">What became of its claims, in a few words; empty where it makes none.</param>
public sealed record SweepEnd(SweepId Sweep, TrialCounts Counts, string Claims = "");

/// <summary>Several sweeps of one command, side by side at its end.</summary>
public static class SweepEnds
{
    public static IEnumerable<Line> Lines(IReadOnlyList<SweepEnd> ends)
    {
        var rows = ends.Select(end => (IReadOnlyList<string>)
        [
            end.Sweep.Name, $"{Numbers.Count(end.Counts.Done)}/{Numbers.Count(end.Counts.Trials)}", Numbers.Count(end.Counts.Diverged),
            Numbers.Count(end.Counts.Failed + end.Counts.Cancelled), end.Claims,
        ]).Prepend(["SWEEP", "DONE", "DIVERGED", "WITHOUT RESULT", ends.Any(end => end.Claims.Length > 0) ? "CLAIMS" : ""]).ToArray();
        var lines = TextTable.Of(rows, [false, true, true, true, false]);
        yield return "";
        yield return new(lines[0], Tone.Strong);
        for (var row = 1; row < lines.Count; row++)
        {
            var counts = ends[row - 1].Counts;
            yield return new(lines[row], counts.Failed + counts.Cancelled > 0 ? Tone.Bad : Tone.Plain);
        }
    }
}
