using MathNet.Numerics.Distributions;

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
}
