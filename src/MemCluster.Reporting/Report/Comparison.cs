using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>Two sweeps side by side, over the cells and seeds that both have.</summary>
/// <param name="Shared">How much that is, in a sentence.</param>
/// <param name="Differs">Where their specs differ, lines with − for the first and + for the second.</param>
public sealed record Comparison(
    string First, string Second, string Shared, ImmutableArray<string> Differs, ImmutableArray<(string Says, string First, string Second)> Verdicts,
    ImmutableArray<ReportFigure> Figures, ImmutableArray<ReportTable> Tables);

/// <summary>Pairs the trials of two sweeps by the values of their axes and by seed.</summary>
public static class Comparisons
{
    private const int MostCells = 60;

    private static readonly ImmutableArray<(string Measure, string Title)> Measures =
    [
        (MeasureNames.ValidationAccuracyBest, "Best validation accuracy"), (MeasureNames.ValidationAccuracyLast, "Last validation accuracy"),
        (MeasureNames.TrainAccuracy, "Train accuracy, last epoch"), (MeasureNames.ConvergenceEpoch, "Time to convergence (epochs)"),
    ];

    /// <returns>Null where the two can't be paired; why is then in <c>Problem</c>.</returns>
    public static async Task<(Comparison? Comparison, string Problem)> Of(ResultRows first, ResultRows second, CancellationToken cancel = default)
    {
        // An axis that only one of them sweeps would give several trials to pair with one.
        var lone = first.Spec.Axes.Where(axis => !Has(second.Spec, axis.Name)).Concat(second.Spec.Axes.Where(axis => !Has(first.Spec, axis.Name)))
            .FirstOrDefault(axis => axis.Values.Length > 1);
        if (lone is not null)
        {
            return (null, $"Only one of {first.Spec.Name} and {second.Spec.Name} sweeps over {lone.Name}, so their trials can't be paired; compare sweeps over the same axes.");
        }

        string[] shared = [.. first.Spec.Axes.Select(axis => axis.Name).Where(name => Has(second.Spec, name))];
        var (a, b) = (await Cells(first, shared, cancel), await Cells(second, shared, cancel));
        var cells = a.Order.Where(b.Rows.ContainsKey).ToArray();
        var pairs = cells.Sum(cell => a.Rows[cell].Keys.Intersect(b.Rows[cell].Keys).Count());
        if (pairs == 0)
        {
            return (null, $"{first.Spec.Name} and {second.Spec.Name} share no cell and seed; there is nothing to compare.");
        }

        var tables = new List<ReportTable>();
        var figures = new List<ReportFigure>();
        foreach (var (measure, title) in Measures)
        {
            var compared = cells.Take(MostCells).Select(cell => (Cell: cell, Pair: PairOf(a.Rows[cell], b.Rows[cell], new(measure, At.Final)))).Where(cell => cell.Pair.Difference.Count > 0).ToArray();
            if (compared.Length == 0)
            {
                continue;
            }

            tables.Add(new(title, "Means, and the paired difference over shared seeds with its 95 % interval.", ["Cell", first.Spec.Name.Name, second.Spec.Name.Name, "Second − first", "Seeds"],
                [false, true, true, true, true],
                [.. compared.Select(row => (ImmutableArray<string>)
                [
                    row.Cell, ReportNumbers.Alone(row.Pair.First), ReportNumbers.Alone(row.Pair.Second), ReportNumbers.Of(row.Pair.Difference, false), Numbers.Count(row.Pair.Difference.Count),
                ])], Math.Max(0, cells.Length - MostCells)));
            if (measure == MeasureNames.ValidationAccuracyBest)
            {
                var drawn = compared.Take(16).ToArray();
                figures.Add(new ReportFigure.Chart("difference", $"{title}: {second.Spec.Name} minus {first.Spec.Name}", "Paired difference over shared seeds with its 95 % interval; 0 is no difference.", "",
                    string.Join(" · ", shared), "difference", [.. drawn.Select(row => row.Cell)], false, false,
                    [new("", [new("", 0, [.. drawn.Select((row, place) => new ChartPoint(place + 1, row.Pair.Difference.Value, row.Pair.Difference.Low, row.Pair.Difference.High, row.Pair.Difference.Censored > 0))])])]));
            }
        }

        var (left, right) = (await SweepReportBuilder.From(first, cancel: cancel), await SweepReportBuilder.From(second, cancel: cancel));
        return (new(
            first.Spec.Name.Name, second.Spec.Name.Name,
            $"{Numbers.Count(cells.Length, "cell", "cells")} and {Numbers.Count(pairs, "pair", "pairs")} of trials are in both. {left.Title}: {left.Progress} {right.Title}: {right.Progress}",
            [.. SpecDifference.Between(first.Spec.Canonical, second.Spec.Canonical)], SideBySide(left, right), [.. figures], [.. tables]), "");
    }

    private static ImmutableArray<(string, string, string)> SideBySide(SweepReport left, SweepReport right) =>
    [
        .. left.Verdicts.Concat(right.Verdicts.Where(row => left.Verdicts.All(other => other.Name != row.Name)))
            .Select(row => (row.Says, In(left, row.Name), In(right, row.Name))),
    ];

    private static string In(SweepReport report, string claim) => report.Verdicts.FirstOrDefault(row => row.Name == claim) is { } row
        ? $"{row.Verdict.ToString().ToLowerInvariant()}: {string.Join("; ", row.Ours.Select(part => $"{part.Label} {part.Ours}".Trim()))}"
        : "–";

    private static (Estimate First, Estimate Second, Estimate Difference) PairOf(Dictionary<ulong, TrialRow> first, Dictionary<ulong, TrialRow> second, MeasureRef measure)
    {
        ulong[] seeds = [.. first.Keys.Where(second.ContainsKey).Order()];
        Quantity[] a = [.. seeds.Select(seed => Observations.Of(first[seed], measure))], b = [.. seeds.Select(seed => Observations.Of(second[seed], measure))];
        return (Estimate.Of(OverSeeds.Mean, a), Estimate.Of(OverSeeds.Mean, b), Estimate.Of(OverSeeds.Mean, [.. b.Zip(a, (y, x) => y - x)]));
    }

    private static async Task<(List<string> Order, Dictionary<string, Dictionary<ulong, TrialRow>> Rows)> Cells(ResultRows rows, string[] axes, CancellationToken cancel)
    {
        int[] places = [.. axes.Select(name => rows.Spec.Axes.Select(axis => axis.Name).ToList().IndexOf(name))];
        var (order, cells) = (new List<string>(), new Dictionary<string, Dictionary<ulong, TrialRow>>());
        await foreach (var row in rows.Trials().WithCancellation(cancel))
        {
            var cell = axes.Length == 0 ? "all" : string.Join(" · ", places.Select(place => row.Settings[place]));
            if (!cells.TryGetValue(cell, out var seeds))
            {
                cells.Add(cell, seeds = []);
                order.Add(cell);
            }

            seeds[row.Seed] = row;
        }

        return (order, cells);
    }

    private static bool Has(SweepSpec spec, string axis) => spec.Axes.Any(other => other.Name == axis);
}
