using MathNet.Numerics.Distributions;

namespace MemCluster.Statistics;

/// <summary>Two settings compared seed by seed: what the seeds share (data, corruption, initial weights) then cancels.</summary>
/// <param name="Difference">Of first minus second.</param>
/// <param name="T">Student's statistic of the mean difference against 0; NaN for fewer than two pairs or equal differences.</param>
/// <param name="P">Two-sided p-value of <paramref name="T"/>.</param>
public readonly record struct PairedComparison(Summary Difference, double T, double P)
{
    /// <param name="first">One value per seed.</param>
    /// <param name="second">In the same order of seeds.</param>
    /// <exception cref="ArgumentException">Unequal lengths.</exception>
    public static PairedComparison Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"Pairs need two lists of one length; there are {first.Length} and {second.Length} values.", nameof(second));
        }

        var differences = new double[first.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = first[i] - second[i];
        }

        var summary = Summary.Of(differences);
        if (!(summary.StandardError > 0))
        {
            return new(summary, double.NaN, double.NaN);
        }

        var t = summary.Mean / summary.StandardError;
        return new(summary, t, 2 * StudentT.CDF(0, 1, summary.Count - 1, -Math.Abs(t)));
    }
}
