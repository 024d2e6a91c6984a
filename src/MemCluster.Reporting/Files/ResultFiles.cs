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

    /// <summary>The weights that a trial, counted from 1, has kept, by epoch; null: they are not asked for.</summary>
    public Func<int, IAsyncEnumerable<TrialArray>>? Weights { get; init; }

    /// <summary>A table of single examples with settings, besides; null: it is not asked for.</summary>
    public ExampleTableForm? ExampleTable { get; init; }

    /// <summary>Numbers that are not finite, by trial, epoch and measure.</summary>
    public Func<IAsyncEnumerable<AbsenceRow>> Absent { get; init; } = AsyncEnumerable.Empty<AbsenceRow>;
}

/// <summary>
/// The results folder of one sweep: trials.csv, measures.csv, attempts.csv, manifest.json, scores.csv if the spec prunes by scores, examples.parquet
/// if it measures single examples, the weights that it keeps if they are asked for, and the digests of them all in SHA256SUMS. Rebuildable at any time.
/// </summary>
public static class ResultFiles
{
    public const string Trials = "trials.csv";
    public const string Measures = "measures.csv";
    public const string Attempts = "attempts.csv";
    public const string Scores = "scores.csv";
    public const string Examples = "examples.parquet";
    public const string ManifestName = "manifest.json";

    /// <summary>Those that are in every folder, in the order a reader wants them.</summary>
    public static readonly IReadOnlyList<string> Always = [Trials, Measures, Attempts, ManifestName];

    /// <summary>All that may be in one, but for the list of them.</summary>
    public static readonly IReadOnlyList<string> All = [.. Always, Scores, Examples];

    /// <summary>The folder of a sweep inside a home.</summary>
    public static string FolderOf(string home, SweepId sweep) => Path.Combine(home, "results", sweep.Name);

    /// <summary>Writes them all; each file is there whole or not at all, and the list of digests last.</summary>
    /// <param name="rows">Weights and tables that they do not ask for stay as an earlier export wrote them, and listed.</param>
    /// <returns>Paths of those that hold results, in the order a reader wants them; the list is for who checks them, and not among them.</returns>
    public static async Task<IReadOnlyList<string>> Write(string folder, ResultRows rows, CancellationToken cancel = default)
    {
        Directory.CreateDirectory(folder);
        var (files, tally, absent) = (new DigestedFolder(folder), new TrialTally(), new AbsenceTally());
        await files.WriteText(Trials, text => TrialsCsv.Write(text, rows.Spec, tally.Watching(absent.Watching(rows.Trials(), cancel), cancel), cancel));
        await files.WriteText(Measures, text => MeasuresCsv.Write(text, absent.Watching(rows.Measures(), cancel), cancel));
        await files.WriteText(Attempts, text => AttemptsCsv.Write(text, rows.Attempts(), cancel));
        await absent.AddArrays(rows.Absent(), cancel);
        await files.Write(ManifestName, file => Manifest.Write(file, rows.Spec, tally.Counts, absent, rows.NumericsVersion, cancel));
        if (new Grid(rows.Spec).ScoringCount > 0)
        {
            await files.WriteText(Scores, text => ScoresCsv.Write(text, rows.Spec, rows.Scores(), cancel));
        }

        if (ExampleTable.IsThere(rows.Spec))
        {
            await files.Write(Examples, file => ExamplesParquet.Write(file, rows.Spec, rows.Arrays(), cancel));
        }

        files.Keep(Earlier(folder, rows.Spec));
        switch (rows.ExampleTable)
        {
            case ExampleTableForm.Csv:
                await files.WriteText(ExampleTable.NameOf(ExampleTableForm.Csv), text => ExampleTable.WriteCsv(text, rows.Spec, rows.Arrays(), cancel));
                break;
            case ExampleTableForm.Parquet:
                await files.Write(ExampleTable.NameOf(ExampleTableForm.Parquet), file => ExamplesParquet.Write(file, rows.Spec, rows.Arrays(), settings: true, cancel));
                break;
        }

        if (rows.Weights is { } weights)
        {
            await WeightsFiles.Write(files, rows, weights, cancel);
        }

        await files.WriteList();
        return files.Paths;
    }

    /// <summary>What an earlier export was asked for besides, with its digests: it still is what it was, and stays in the list.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Earlier(string folder, SweepSpec spec)
    {
        var list = new FileInfo(Path.Combine(folder, DigestList.Name));
        return list.Exists && list.Length <= DigestList.MostBytes
            ? DigestList.Read(File.ReadAllBytes(list.FullName)).Digests.Where(one => File.Exists(Path.Combine(folder, one.Key))
                && ((spec.Keep != WeightsPlan.None && WeightsFiles.Of(one.Key) is not null) || (ExampleTable.IsThere(spec) && ExampleTable.IsName(one.Key))))
            : [];
    }
}
