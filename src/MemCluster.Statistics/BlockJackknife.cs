namespace MemCluster.Statistics;

/// <summary>
/// A 95 % interval for a statistic over a table of two kinds of units, such as networks and examples, both of which could have been others. Each kind is
/// divided into blocks; how much the statistic moves when a block is left out (Künsch 1989, Tukey's jackknife for blocks) gives a variance, and the two
/// variances add up. What is due to a single cell of the table is then counted in both, so the interval is rather too wide than too narrow (Owen 2007 says
/// so of the bootstrap over both).
/// </summary>
public static class BlockJackknife
{
    /// <summary>Enough for a quantile of Student's t near its limit, and few enough to compute each statistic again for each.</summary>
    public const int Blocks = 20;

    /// <summary>How many blocks so many units make: <see cref="Blocks"/>, or one for each.</summary>
    public static int BlocksOf(int units) => Math.Min(Blocks, units);

    /// <summary>The block of a unit: neighbours are together, as those are that have something in common; sizes differ by one at most.</summary>
    public static int BlockOf(int unit, int units) => (int)((long)unit * BlocksOf(units) / units);

    /// <param name="value">The statistic of everything.</param>
    /// <param name="without">For each kind of units, the statistic without each of its blocks.</param>
    /// <returns>NaN ends where a kind has fewer than two blocks, or a statistic is NaN.</returns>
    public static (double Low, double High) Interval(double value, params IReadOnlyList<IReadOnlyList<double>> without)
    {
        var fewest = without.Min(values => values.Count);
        if (fewest < 2)
        {
            return (double.NaN, double.NaN);
        }

        var half = Summary.Quantile975(fewest - 1) * Math.Sqrt(without.Sum(Variance));
        return (value - half, value + half);
    }

    private static double Variance(IReadOnlyList<double> without)
    {
        var mean = without.Average();
        return (without.Count - 1.0) / without.Count * without.Sum(value => (value - mean) * (value - mean));
    }
}
