using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Reporting.Files;

/// <summary>
/// trials.csv: a row per trial in grid order. Nothing in it depends on when, where or how often a trial ran, so two runs of a spec give
/// the same bytes: what is still running counts as pending, and only a result has numbers.
/// A number that is not finite is empty; the manifest counts those.
/// </summary>
public static class TrialsCsv
{
    public static IReadOnlyList<string> Columns(SweepSpec spec) =>
        ["trial", .. spec.Axes.Select(axis => axis.Name), "seed", "state", "epochs", .. FinalColumns.Of(spec), "weights", "cell"];

    public static async Task Write(TextWriter to, SweepSpec spec, IAsyncEnumerable<TrialRow> rows, CancellationToken cancel = default)
    {
        await using var csv = Csv.Over(to);
        Csv.Row(csv, Columns(spec));
        var measures = FinalColumns.Of(spec);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            Csv.Row(csv, Fields(row, measures));
        }

        await csv.FlushAsync(cancel);
    }

    private static IEnumerable<string> Fields(TrialRow row, IReadOnlyList<string> measures)
    {
        var result = row.State is TrialState.Finished or TrialState.Diverged;
        yield return row.Trial.ToString(CultureInfo.InvariantCulture);
        foreach (var value in row.Settings)
        {
            yield return value;
        }

        yield return row.Seed.ToString(CultureInfo.InvariantCulture);
        yield return Numbers.StateName(row.State);
        yield return result ? row.Epochs.ToString(CultureInfo.InvariantCulture) : "";
        foreach (var name in measures)
        {
            yield return result && row.Measures.TryGetValue(name, out var value) ? Numbers.RoundTrip(value) : "";
        }

        yield return result ? row.Weights : "";
        yield return row.Cell;
    }
}
