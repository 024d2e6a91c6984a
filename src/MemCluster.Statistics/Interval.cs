using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MemCluster.Statistics;

/// <summary>A mean with the half-width of its confidence interval.</summary>
/// <param name="Mean">NaN when there are no values.</param>
/// <param name="HalfWidth">NaN for fewer than two values: one seed says nothing about the spread of seeds.</param>
/// <param name="Count">How many values there were.</param>
public readonly record struct Interval(double Mean, double HalfWidth, int Count)
{
    /// <summary>Student's two-sided 95 % interval: t(0.975, n − 1) · s / √n, with s² the unbiased variance.</summary>
    /// <param name="values">Independent results, such as one per seed. A NaN among them makes mean and width NaN.</param>
    public static Interval Mean95(ReadOnlySpan<double> values)
    {
        var (mean, variance) = ArrayStatistics.MeanVariance(values.ToArray());
        return values.Length < 2
            ? new(mean, double.NaN, values.Length)
            : new(mean, StudentT.InvCDF(0, 1, values.Length - 1, 0.975) * Math.Sqrt(variance / values.Length), values.Length);
    }
}
