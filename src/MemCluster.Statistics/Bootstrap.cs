using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace MemCluster.Statistics;

/// <summary>The constants of a bootstrap. They can move the last digits of an interval, so they belong to what is written beside it.</summary>
/// <param name="Resamples">How often the values are drawn anew.</param>
/// <param name="Level">Coverage, 0 to 1.</param>
/// <param name="Seed">The same seed gives the same interval on every machine.</param>
public sealed record BootstrapConstants(int Resamples = 10_000, double Level = 0.95, int Seed = 1);

/// <summary>
/// An interval for any statistic, where Student's is wrong: shares near 0 or 1, ratios, Gini coefficients, rank statistics. Bias-corrected and
/// accelerated (Efron 1987).
/// </summary>
public static class Bootstrap
{
    /// <param name="values">The independent units: seeds, or examples.</param>
    /// <param name="statistic">A number from as many values; must not keep the array.</param>
    /// <returns>NaN ends for fewer than two values; equal ends where all resamples agree.</returns>
    public static (double Low, double High) Interval(double[] values, Func<double[], double> statistic, BootstrapConstants? constants = null)
    {
        constants ??= new();
        if (values.Length < 2)
        {
            return (double.NaN, double.NaN);
        }

        var draws = Resampled(values, statistic, constants);
        var observed = statistic([.. values]);
        var below = draws.Count(draw => draw < observed) + 0.5 * draws.Count(draw => draw == observed);
        if (below == 0 || below == draws.Length)
        {
            return (draws[0], draws[^1]);        // the statistic lies outside its own resamples; no bias can be corrected
        }

        var bias = Normal.InvCDF(0, 1, below / draws.Length);
        var acceleration = Acceleration(values, statistic);
        return (End((1 - constants.Level) / 2), End((1 + constants.Level) / 2));

        double End(double tail)
        {
            var z = bias + Normal.InvCDF(0, 1, tail);
            return Quantile(draws, Normal.CDF(0, 1, bias + z / (1 - acceleration * z)));
        }
    }

    private static double[] Resampled(double[] values, Func<double[], double> statistic, BootstrapConstants constants)
    {
        // A generator of whole numbers, so the same draws everywhere.
        var generator = new Xoshiro256StarStar(constants.Seed, threadSafe: false);
        var draws = new double[constants.Resamples];
        var sample = new double[values.Length];
        for (var i = 0; i < draws.Length; i++)
        {
            for (var j = 0; j < sample.Length; j++)
            {
                sample[j] = values[generator.Next(values.Length)];
            }

            draws[i] = statistic(sample);
        }

        Array.Sort(draws);
        return draws;
    }

    // How the statistic's spread changes with its value, from leaving out one value at a time.
    private static double Acceleration(double[] values, Func<double[], double> statistic)
    {
        var without = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            without[i] = statistic([.. values[..i], .. values[(i + 1)..]]);
        }

        var mean = without.Average();
        var (squares, cubes) = (without.Sum(value => Math.Pow(mean - value, 2)), without.Sum(value => Math.Pow(mean - value, 3)));
        return squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : 0;
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = Math.Clamp(share, 0, 1) * (sorted.Length - 1);
        var lower = (int)place;
        return lower + 1 == sorted.Length ? sorted[lower] : sorted[lower] + (place - lower) * (sorted[lower + 1] - sorted[lower]);
    }
}
