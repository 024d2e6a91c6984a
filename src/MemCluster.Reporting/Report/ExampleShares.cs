using System.Collections.Immutable;
using MemCluster.Statistics;

namespace MemCluster.Reporting.Report;

/// <summary>Shares of runs in which each example was right, as lines from the hardest example to the easiest (Arpit et al. 2017, Fig. 1).</summary>
internal static class ExampleShares
{
    // As many as a line can show; the measured ones are thousands.
    private const int MostPoints = 200;

    public static ImmutableArray<ChartPoint> Points(double[] sorted)
    {
        var count = Math.Min(MostPoints, sorted.Length);
        return [.. Enumerable.Range(0, count).Select(point => (int)Math.Round(point * (sorted.Length - 1.0) / Math.Max(1, count - 1)))
            .Select(example => new ChartPoint(example + 1, sorted[example], double.NaN, double.NaN))];
    }

    /// <summary>What coin flips with the same mean would give.</summary>
    public static double[] Chance(double[] shares, int runs) => new BinomialNull(runs, shares.Average()).SortedCurve(shares.Length);
}
