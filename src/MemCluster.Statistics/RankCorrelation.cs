using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MemCluster.Statistics;

/// <summary>How far two scores order the same examples alike.</summary>
/// <param name="Pearson">Linear correlation of the values, −1 to 1.</param>
/// <param name="Spearman">Pearson correlation of the ranks, ties sharing their average rank.</param>
/// <param name="P">Two-sided p-value of Spearman by Student's t with n − 2 degrees of freedom; NaN at ±1 and for fewer than three pairs.</param>
public readonly record struct RankCorrelation(double Pearson, double Spearman, double P)
{
    /// <returns>NaN where one of the lists holds one value only, and where a value is NaN, which has no rank.</returns>
    /// <exception cref="ArgumentException">Unequal lengths.</exception>
    public static RankCorrelation Of(double[] first, double[] second)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"A correlation needs two lists of one length; there are {first.Length} and {second.Length} values.", nameof(second));
        }

        if (Array.Exists(first, double.IsNaN) || Array.Exists(second, double.IsNaN))
        {
            return new(double.NaN, double.NaN, double.NaN);
        }

        var spearman = Correlation.Pearson(Ranks(first), Ranks(second));
        return new(Correlation.Pearson(first, second), spearman, PValue(spearman, first.Length));
    }

    /// <summary>
    /// Ranks from 1, ascending; equal values share the mean of their ranks. So do infinities of one sign, as those of examples that were never learned: MathNet's
    /// ranks give them an order, because it takes two values for equal whose difference is 0.
    /// </summary>
    /// <param name="values">Without NaN, which has no rank.</param>
    public static double[] Ranks(double[] values)
    {
        var (sorted, places, ranks) = ((double[])values.Clone(), Enumerable.Range(0, values.Length).ToArray(), new double[values.Length]);
        Array.Sort(sorted, places);
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first])
            {
                next++;
            }

            foreach (var place in places.AsSpan(first, next - first))
            {
                ranks[place] = (first + 1 + next) / 2.0;
            }
        }

        return ranks;
    }

    private static double PValue(double r, int n)
    {
        // Ranks are halves of whole numbers; a perfect order may still be off by the last bit.
        if (n < 3 || !(1 - r * r > 1e-14))
        {
            return double.NaN;
        }

        var t = r * Math.Sqrt((n - 2) / (1 - r * r));
        return 2 * StudentT.CDF(0, 1, n - 2, -Math.Abs(t));
    }
}
