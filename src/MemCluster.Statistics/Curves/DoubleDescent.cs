namespace MemCluster.Statistics;

/// <summary>
/// Test error over capacity, epochs or training examples that falls, rises to a peak and falls again (Belkin et al. 2019, Nakkiran et al. 2019).
/// </summary>
/// <param name="Peak">Where the curve peaks between two falls; NaN if it does nowhere.</param>
/// <param name="Height">How far the peak stands above the lower ground on the side where it stands out less, in units of the error; 0 without one.</param>
/// <param name="BestBefore">The lowest error before the peak; without one, of the whole curve.</param>
/// <param name="BestAfter">The lowest error behind the peak; NaN without one.</param>
public sealed record DoubleDescent(double Peak, double Height, double BestBefore, double BestAfter)
{
    /// <summary>A peak has something on either side.</summary>
    public const int LeastPoints = 3;

    private const int MostPlaces = 200;

    /// <summary>
    /// The point that stands out most above the lowest one on its left and the lowest one on its right. A curve over several seeds is to be averaged first. Some point
    /// stands out in any curve with noise: what the height is beyond chance, <see cref="HeightOf"/> says.
    /// </summary>
    /// <param name="curve">Place and error, no place twice; in any order. NaN errors are left out.</param>
    public static DoubleDescent Of(IEnumerable<(double At, double Error)> curve)
    {
        var points = curve.Where(point => !double.IsNaN(point.Error)).OrderBy(point => point.At).ToArray();
        var best = new DoubleDescent(double.NaN, 0, points.Length == 0 ? double.NaN : points.Min(point => point.Error), double.NaN);
        for (var i = 1; i < points.Length - 1; i++)
        {
            var (before, after) = (points[..i].Min(point => point.Error), points[(i + 1)..].Min(point => point.Error));
            var height = Math.Min(points[i].Error - before, points[i].Error - after);
            best = height > best.Height ? new(points[i].At, height, before, after) : best;
        }

        return best;
    }

    /// <summary>
    /// The height of the peak of the true curve, with a 95 % interval that counts that peak and ground are chosen by the data: every two places get an interval of their
    /// paired difference, wide enough for all of them to cover together (Bonferroni), and the height that these allow at least, and at most, are the ends. A curve that is
    /// flat but for noise has an interval around 0, one that only falls or rises one below it.
    /// </summary>
    /// <param name="seeds">A curve for each, as in <see cref="Of"/>; places that some seed lacks are left out.</param>
    /// <returns>NaN for fewer than <see cref="LeastPoints"/> places; ends that are NaN for one seed.</returns>
    public static (double Height, double Low, double High) HeightOf(IReadOnlyList<(double At, double Error)[]> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        var places = Thinned([.. Mean(seeds).Select(point => point.At).Where(at => seeds.All(seed => !double.IsNaN(ErrorAt(seed, at))))]);
        if (places.Length < LeastPoints)
        {
            return (double.NaN, double.NaN, double.NaN);
        }

        double[][] errors = [.. places.Select(at => seeds.Select(seed => ErrorAt(seed, at)).ToArray())];
        var height = Standing(errors, (above, ground) => above.Average() - ground.Average());
        if (seeds.Count < 2)
        {
            return (height, double.NaN, double.NaN);
        }

        var (narrow, wide) = (Quantile(0.0125), Quantile(0.025 / (places.Length * (places.Length - 1.0))));
        return (height, Standing(errors, (above, ground) => End(above, ground, -wide)), Standing(errors, (above, ground) => End(above, ground, narrow)));

        // The upper end needs the two differences of the true peak to be covered, not all.
        double Quantile(double tail) => StudentQuantile.Above(seeds.Count - 1, tail);
    }

    private static double End(double[] above, double[] ground, double quantile)
    {
        var (n, mean, squares) = (above.Length, 0.0, 0.0);
        for (var seed = 0; seed < n; seed++)
        {
            mean += (above[seed] - ground[seed]) / n;
        }

        for (var seed = 0; seed < n; seed++)
        {
            squares += (above[seed] - ground[seed] - mean) * (above[seed] - ground[seed] - mean);
        }

        return mean + (quantile * Math.Sqrt(squares / (n - 1) / n));
    }

    /// <summary>The most that some inner place stands above its ground on both sides.</summary>
    /// <param name="errors">By place and seed.</param>
    private static double Standing(double[][] errors, Func<double[], double[], double> difference)
    {
        var best = double.NegativeInfinity;
        for (var peak = 1; peak < errors.Length - 1; peak++)
        {
            var (before, after) = (double.NegativeInfinity, double.NegativeInfinity);
            for (var ground = 0; ground < errors.Length; ground++)
            {
                if (ground < peak)
                {
                    before = Math.Max(before, difference(errors[peak], errors[ground]));
                }
                else if (ground > peak)
                {
                    after = Math.Max(after, difference(errors[peak], errors[ground]));
                }
            }

            best = Math.Max(best, Math.Min(before, after));
        }

        return best;
    }

    /// <summary>Every so many places, if there are very many, such as epochs: their pairs are what has to be gone through, and paid for.</summary>
    private static double[] Thinned(double[] places)
    {
        var each = (places.Length + MostPlaces - 1) / MostPlaces;
        return each <= 1 ? places : [.. places.Where((_, place) => place % each == 0)];
    }

    /// <summary>The mean curve, of the seeds that have an error at a place.</summary>
    public static (double At, double Error)[] Mean(IEnumerable<(double At, double Error)[]> seeds) =>
    [
        .. seeds.SelectMany(seed => seed).Where(point => !double.IsNaN(point.Error)).GroupBy(point => point.At).OrderBy(point => point.Key)
            .Select(point => (point.Key, point.Average(one => one.Error))),
    ];

    private static double ErrorAt((double At, double Error)[] seed, double at) =>
        Array.FindIndex(seed, point => point.At == at) is var place and >= 0 ? seed[place].Error : double.NaN;
}
