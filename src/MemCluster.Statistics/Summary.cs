using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MemCluster.Statistics;

/// <summary>
/// Mean and spread of independent results, such as one per seed, with Student's two-sided 95 % interval (Student 1908). It assumes seeds that are about normal:
/// then it covers as it says from two seeds on; for skewed ones it covers less (the calibration tests say how much).
/// </summary>
/// <param name="Deviation">Unbiased form (n − 1); NaN for fewer than two values, as are all that follow.</param>
/// <param name="StandardError">Deviation / √n.</param>
/// <param name="Quantile">t(0.975, n − 1); of one chosen among several, or of a stricter level, further out.</param>
/// <param name="Low">Mean − Quantile · StandardError.</param>
/// <param name="High">Mean + Quantile · StandardError.</param>
public readonly record struct Summary(int Count, double Mean, double Deviation, double StandardError, double Quantile, double Low, double High)
{
    /// <summary>An interval misses so often, unless another level is asked for: it is one of 95 %.</summary>
    public const double UsualLevel = 0.05;

    /// <param name="values">A NaN among them makes everything but the count NaN; none at all does, too.</param>
    public static Summary Of(ReadOnlySpan<double> values) => Of(values, 0);

    /// <param name="leastDeviation">Results that are counts of examples can be told no finer than their step: by chance they are all the same, which is no proof that they have no spread.</param>
    /// <param name="ways">Among how many means this one may be chosen by its size: the ends are those of 1 − level/ways (Bonferroni), so that all of them cover together.</param>
    /// <param name="level">How often the interval may miss, above 0 and below 1: .05 for one of 95 %.</param>
    public static Summary Of(ReadOnlySpan<double> values, double leastDeviation, int ways = 1, double level = UsualLevel)
    {
        var (mean, deviation) = ArrayStatistics.MeanStandardDeviation(values.ToArray());
        return values.Length < 2
            ? new(values.Length, mean, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
            : Around(values.Length, mean, Math.Max(deviation, leastDeviation), 1 / Math.Sqrt(values.Length), level / ways);
    }

    /// <summary>Where one further result will lie, of the same kind as these: mean ± t · s · √(1 + 1/n), a prediction interval.</summary>
    /// <param name="values">At least two, or its ends are NaN.</param>
    /// <inheritdoc cref="Of(ReadOnlySpan{double}, double, int, double)"/>
    public static Summary OfNext(ReadOnlySpan<double> values, double leastDeviation, int ways = 1, double level = UsualLevel)
    {
        var (mean, deviation) = ArrayStatistics.MeanStandardDeviation(values.ToArray());
        return values.Length < 2 ? Of(values) : Around(values.Length, mean, Math.Max(deviation, leastDeviation), Math.Sqrt(1 + 1.0 / values.Length), level / ways);
    }

    /// <summary>Student's statistic of the mean against a number; ±∞ without any spread, NaN where mean and number are then the same.</summary>
    public double T(double number) => (Mean - number) / StandardError;

    /// <summary>Two-sided p-value that the true mean is this number: below .05 where the number lies outside of the interval.</summary>
    /// <returns>NaN for fewer than two values, and where <see cref="T"/> is.</returns>
    public double P(double number) => Count < 2 || double.IsNaN(T(number)) ? double.NaN : 2 * StudentT.CDF(0, 1, Count - 1, -Math.Abs(T(number)));

    /// <summary>The 97.5 % quantile of Student's t.</summary>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double Quantile975(int degreesOfFreedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        return StudentQuantile.Above(degreesOfFreedom, 0.025);
    }

    /// <param name="share">Of the deviation, what is the standard error.</param>
    private static Summary Around(int count, double mean, double deviation, double share, double level)
    {
        var (error, quantile) = (deviation * share, StudentQuantile.Above(count - 1, level / 2));
        return new(count, mean, deviation, error, quantile, mean - quantile * error, mean + quantile * error);
    }
}
