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
    /// <summary>
    /// The point that stands out most above the lowest one on its left and the lowest one on its right. A curve over several seeds is to be averaged
    /// first; whether a height is more than chance is for its interval over seeds to say.
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
}
