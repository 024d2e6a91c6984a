using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace MemCluster.Statistics;

/// <summary>What chance alone would give: an example right in k of so many runs, each time with probability p. Arpit et al. 2017, figure 1.</summary>
/// <param name="Runs">At least 1.</param>
/// <param name="P">0 to 1; the paper takes the mean over randX.</param>
public sealed record BinomialNull(int Runs, double P)
{
    /// <summary>P(k right), k = 0 … runs.</summary>
    public double[] Mass { get; } = [.. Enumerable.Range(0, Runs + 1).Select(k => Binomial.PMF(P, Runs, k))];

    /// <summary>P(at most k right), k = 0 … runs.</summary>
    public double[] Cumulative { get; } = [.. Enumerable.Range(0, Runs + 1).Select(k => Binomial.CDF(P, Runs, k))];

    /// <summary>Of the share k/runs.</summary>
    public double Deviation => Math.Sqrt(P * (1 - P) / Runs);

    /// <summary>The smallest share k/runs that is reached with at least this probability.</summary>
    /// <param name="probability">0 to 1. A uniform draw makes this a draw of the null.</param>
    public double Quantile(double probability)
    {
        var k = Array.FindIndex(Cumulative, reached => reached >= probability);
        return (k < 0 ? Runs : k) / (double)Runs;
    }

    /// <summary>The curve to set beside sorted shares: entry i is the quantile at (i + ½)/n.</summary>
    public double[] SortedCurve(int examples) => [.. Enumerable.Range(0, examples).Select(i => Quantile((i + 0.5) / examples))];

    /// <summary>
    /// Could these shares be draws of the binomial distribution with their own mean? The largest distance of their distribution function from it (Kolmogorov–Smirnov),
    /// and how often as many draws lie as far from the one of their own mean: such a distribution has steps, and its mean is estimated, so neither the series nor the
    /// tables of that test hold for it (Lilliefors 1967 simulates for the same reason).
    /// </summary>
    /// <param name="shares">k/runs for each example.</param>
    /// <param name="draws">Data sets simulated; p is a multiple of 1/(draws + 1).</param>
    /// <param name="seed">The same seed gives the same p on every machine.</param>
    public static (double Distance, double P) TestOf(IReadOnlyList<double> shares, int runs, int draws = 999, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(shares);
        var counts = new int[runs + 1];
        foreach (var share in shares)
        {
            counts[(int)Math.Round(share * runs)]++;
        }

        var observed = Distance(counts, shares.Count);
        var chance = new BinomialNull(runs, shares.Average());
        var generator = new Xoshiro256StarStar(seed, threadSafe: false);
        var asFar = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            Array.Clear(counts);
            for (var example = 0; example < shares.Count; example++)
            {
                counts[(int)Math.Round(chance.Quantile(generator.NextDouble()) * runs)]++;
            }

            asFar += Distance(counts, shares.Count) >= observed ? 1 : 0;
        }

        return (observed, (asFar + 1.0) / (draws + 1));
    }

    private static double Distance(int[] counts, int examples)
    {
        var runs = counts.Length - 1;
        var own = new BinomialNull(runs, counts.Select((count, k) => (double)count * k).Sum() / ((double)examples * runs));
        var (largest, sum) = (0.0, 0);
        for (var k = 0; k < runs; k++)
        {
            sum += counts[k];
            largest = Math.Max(largest, Math.Abs((double)sum / examples - own.Cumulative[k]));
        }

        return largest;
    }
}
