namespace MemCluster.Statistics;

/// <summary>The two-sample test: do two samples come from one distribution?</summary>
/// <param name="Statistic">D, the largest distance between the two empirical distribution functions.</param>
/// <param name="Exact">P(D at least this large) by counting lattice paths; NaN where the samples have ties, for which the count does not hold.</param>
/// <param name="Asymptotic">The Kolmogorov series at √(nm/(n+m))·D.</param>
/// <param name="Stephens">The series at (e + 0.12 + 0.11/e)·D with e = √(nm/(n+m)) (Stephens 1970): better for small samples.</param>
public readonly record struct KolmogorovSmirnov(double Statistic, double Exact, double Asymptotic, double Stephens)
{
    /// <exception cref="ArgumentException">A sample is empty, or holds a NaN, which has no place in an order.</exception>
    public static KolmogorovSmirnov TwoSample(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.IsEmpty || second.IsEmpty)
        {
            throw new ArgumentException("The Kolmogorov–Smirnov test needs two samples; one is empty.");
        }

        var (a, b) = (first.ToArray(), second.ToArray());
        Array.Sort(a);
        Array.Sort(b);
        if (double.IsNaN(a[0]) || double.IsNaN(b[0]))
        {
            throw new ArgumentException("The Kolmogorov–Smirnov test needs samples without NaN.");
        }

        var (steps, ties) = LargestDistance(a, b);
        var statistic = (double)steps / ((double)a.Length * b.Length);
        var e = Math.Sqrt((double)a.Length * b.Length / (a.Length + b.Length));
        return new(statistic, ties ? double.NaN : ExactP(a.Length, b.Length, steps), Series(e * statistic), Series((e + 0.12 + 0.11 / e) * statistic));
    }

    // The distance in units of 1/(nm), a whole number: a comparison of rounded fractions would miss ties of the distance.
    private static (long Steps, bool Ties) LargestDistance(double[] a, double[] b)
    {
        var (i, j, largest, ties) = (0, 0, 0L, false);
        while (i < a.Length || j < b.Length)
        {
            var value = i == a.Length ? b[j] : j == b.Length ? a[i] : Math.Min(a[i], b[j]);
            var (fromI, fromJ) = (i, j);
            while (i < a.Length && a[i] <= value)
            {
                i++;
            }

            while (j < b.Length && b[j] <= value)
            {
                j++;
            }

            ties |= i - fromI + j - fromJ > 1;
            largest = Math.Max(largest, Math.Abs((long)i * b.Length - (long)j * a.Length));
        }

        return (largest, ties);
    }

    // The share of all orders (lattice paths from (0, 0) to (n, m)) that reach the distance somewhere. Sums of positive terms only, so small
    // p-values keep their digits.
    private static double ExactP(int n, int m, long steps)
    {
        var row = new double[m + 1];
        for (var i = 0; i <= n; i++)
        {
            for (var j = 0; j <= m; j++)
            {
                row[j] = Math.Abs((long)i * m - (long)j * n) >= steps ? 1
                    : i + j == 0 ? 0
                    : (i * row[j] + (j > 0 ? j * row[j - 1] : 0)) / (i + j);
            }
        }

        return row[m];
    }

    // Q(x) = 2 Σ (−1)^(k−1) exp(−2k²x²); below 1.18 its transformed form, where the plain one needs many cancelling terms.
    private static double Series(double x)
    {
        if (x <= 0)
        {
            return 1;
        }

        var sum = 0.0;
        if (x < 1.18)
        {
            for (var k = 1; k <= 10; k++)
            {
                sum += Math.Exp(-(2.0 * k - 1) * (2.0 * k - 1) * Math.PI * Math.PI / (8 * x * x));
            }

            return Math.Clamp(1 - Math.Sqrt(2 * Math.PI) / x * sum, 0, 1);
        }

        for (var k = 10; k >= 1; k--)
        {
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * x * x);
        }

        return sum;
    }
}
