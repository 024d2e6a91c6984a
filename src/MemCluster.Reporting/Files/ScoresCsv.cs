using System.Globalization;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Files;

/// <summary>
/// scores.csv: a row per trial that computes scores for trials of the grid. They are ordinary trials, with cells of their own, but no cells of the grid.
/// As in trials.csv nothing depends on when, where or how often one ran.
/// </summary>
public static class ScoresCsv
{
    public static IReadOnlyList<string> Columns(SweepSpec spec) =>
        ["trial", .. AxesOf(spec).Select(axis => axis.Axis.Name), "measure", "measured", "run", "for_seed", "seed", "state", "epochs", .. NumbersOf(new Grid(spec)), "weights", "cell"];

    public static async Task Write(TextWriter to, SweepSpec spec, IAsyncEnumerable<TrialRow> rows, CancellationToken cancel = default)
    {
        await using var csv = Csv.Over(to);
        Csv.Row(csv, Columns(spec));
        var (grid, axes) = (new Grid(spec), AxesOf(spec));
        var numbers = NumbersOf(grid);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            Csv.Row(csv, Fields(row, grid, axes, numbers));
        }

        await csv.FlushAsync(cancel);
    }

    private static IEnumerable<string> Fields(TrialRow row, Grid grid, IReadOnlyList<(int Place, Axis Axis)> axes, IReadOnlyList<string> numbers)
    {
        var (place, isResult) = (row.Trial - 1, row.State is TrialState.Finished or TrialState.Diverged);
        var work = grid.WorkAt(place);
        yield return row.Trial.ToString(CultureInfo.InvariantCulture);
        foreach (var (at, _) in axes)
        {
            yield return row.Settings[at];
        }

        yield return work.Measure;
        yield return work.Measured;
        yield return (work.Run + 1).ToString(CultureInfo.InvariantCulture);
        yield return grid.SeedAt(grid.PrunedBy(place)[0]).ToString(CultureInfo.InvariantCulture);
        yield return row.Seed.ToString(CultureInfo.InvariantCulture);
        yield return Numbers.StateName(row.State);
        yield return isResult ? row.Epochs.ToString(CultureInfo.InvariantCulture) : "";
        foreach (var name in numbers)
        {
            yield return isResult && row.Measures.TryGetValue(name, out var value) ? Numbers.RoundTrip(value) : "";
        }

        yield return isResult ? row.Weights : "";
        yield return row.Cell;
    }

    /// <summary>Those that a scoring trial has a value of.</summary>
    private static IReadOnlyList<(int Place, Axis Axis)> AxesOf(SweepSpec spec)
    {
        var grid = new Grid(spec);
        var values = grid.ScoringCount == 0 ? [] : grid.ValuesAt(grid.Count);
        return [.. spec.Axes.Select((axis, place) => (place, axis)).Where(axis => values.Length > 0 && values[axis.place].Length > 0)];
    }

    private static IReadOnlyList<string> NumbersOf(Grid grid) =>
    [
        .. MeasureNames.Final,
        .. grid.Works.SelectMany(work => MeasureKind.NumbersOf(MeasureKind.All.First(kind => kind.Name == work.Measure).Put(new(), new(work.Measured)))).Distinct(),
    ];
}
