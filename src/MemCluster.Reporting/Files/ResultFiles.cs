using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Files;

/// <summary>Where the rows of a results folder come from: streams, because a sweep may have millions.</summary>
/// <param name="NumericsVersion">The one the sweep was computed under.</param>
public sealed record ResultRows(
    SweepSpec Spec, string NumericsVersion,
    Func<IAsyncEnumerable<TrialRow>> Trials, Func<IAsyncEnumerable<MeasureRow>> Measures, Func<IAsyncEnumerable<AttemptRow>> Attempts,
    Func<IAsyncEnumerable<TrialArray>> Arrays)
{
    /// <summary>Trials that compute scores for others; none unless the spec prunes by scores.</summary>
    public Func<IAsyncEnumerable<TrialRow>> Scores { get; init; } = AsyncEnumerable.Empty<TrialRow>;

    /// <summary>Numbers that are not finite, by trial, epoch and measure.</summary>
    public Func<IAsyncEnumerable<AbsenceRow>> Absent { get; init; } = AsyncEnumerable.Empty<AbsenceRow>;
}

/// <summary>The results folder of one sweep: trials.csv, measures.csv, attempts.csv, manifest.json, scores.csv if the spec prunes by scores, and examples.parquet if it measures single examples. Rebuildable at any time.</summary>
public static class ResultFiles
{
    public const string Trials = "trials.csv";
    public const string Measures = "measures.csv";
    public const string Attempts = "attempts.csv";
    public const string Scores = "scores.csv";
    public const string Examples = "examples.parquet";
    public const string ManifestName = "manifest.json";

    /// <summary>The folder of a sweep inside a home.</summary>
    public static string FolderOf(string home, SweepId sweep) => Path.Combine(home, "results", sweep.Name);

    /// <summary>Writes them all; each file is there whole or not at all.</summary>
    /// <returns>Their paths, in the order a reader wants them.</returns>
    public static async Task<IReadOnlyList<string>> Write(string folder, ResultRows rows, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        string[] paths = [.. new[] { Trials, Measures, Attempts, ManifestName }.Select(name => Path.Combine(folder, name))];
        var (tally, absent) = (new TrialTally(), new AbsenceTally());
        await AtomicFile.WriteText(paths[0], text => TrialsCsv.Write(text, rows.Spec, tally.Watching(absent.Watching(rows.Trials(), cancel), cancel), cancel));
        await AtomicFile.WriteText(paths[1], text => MeasuresCsv.Write(text, absent.Watching(rows.Measures(), cancel), cancel));
        await AtomicFile.WriteText(paths[2], text => AttemptsCsv.Write(text, rows.Attempts(), cancel));
        await absent.AddArrays(rows.Absent(), cancel);
        await AtomicFile.Write(paths[3], file => Manifest.Write(file, rows.Spec, tally.Counts, absent, rows.NumericsVersion, cancel));
        if (new Grid(rows.Spec).ScoringCount > 0)
        {
            var scores = Path.Combine(folder, Scores);
            await AtomicFile.WriteText(scores, text => ScoresCsv.Write(text, rows.Spec, rows.Scores(), cancel));
            paths = [.. paths, scores];
        }

        if (ExampleSheets.Names(rows.Spec).Count == 0 && !ExampleSheets.HasHeldOut(rows.Spec))
        {
            return paths;
        }

        var examples = Path.Combine(folder, Examples);
        await AtomicFile.Write(examples, file => ExamplesParquet.Write(file, rows.Spec, rows.Arrays(), cancel));
        return [.. paths, examples];
    }
}
