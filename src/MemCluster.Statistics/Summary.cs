using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MemCluster.Statistics;

/// <summary>Mean and spread of independent results, such as one per seed, with Student's two-sided 95 % interval.</summary>
/// <param name="Deviation">Unbiased form (n − 1); NaN for fewer than two values, as are all that follow.</param>
/// <param name="StandardError">Deviation / √n.</param>
/// <param name="Quantile">t(0.975, n − 1).</param>
/// <param name="Low">Mean − Quantile · StandardError.</param>
/// <param name="High">Mean + Quantile · StandardError.</param>
public readonly record struct Summary(int Count, double Mean, double Deviation, double StandardError, double Quantile, double Low, double High)
{
    /// <param name="values">A NaN among them makes everything but the count NaN; none at all does, too.</param>
    public static Summary Of(ReadOnlySpan<double> values)
    {
        var (mean, deviation) = ArrayStatistics.MeanStandardDeviation(values.ToArray());
        if (values.Length < 2)
        {
            return new(values.Length, mean, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        }

        var error = deviation / Math.Sqrt(values.Length);
        var quantile = Quantile975(values.Length - 1);
        return new(values.Length, mean, deviation, error, quantile, mean - quantile * error, mean + quantile * error);
    }

    /// <summary>The 97.5 % quantile of Student's t.</summary>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double Quantile975(int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        return StudentT.InvCDF(0, 1, degreesOfFreedom, 0.975);
    }
}
