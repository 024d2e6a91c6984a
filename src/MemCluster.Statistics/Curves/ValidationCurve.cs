namespace MemCluster.Statistics;

/// <summary>Validation accuracy that rises, then falls while noise is fitted. Arpit et al. 2017, section 4.4.</summary>
/// <param name="Best">The maximum; the first one wins.</param>
/// <param name="BestIndex">Its place, from 0.</param>
/// <param name="Last">After the last epoch.</param>
public readonly record struct ValidationCurve(double Best, int BestIndex, double Last)
{
    /// <summary>How far it fell.</summary>
    public double Drop => Best - Last;

    /// <exception cref="ArgumentException">No epochs.</exception>
    public static ValidationCurve Of(ReadOnlySpan<double> accuracies)
    {
        if (accuracies.IsEmpty)
        {
            throw new ArgumentException("A curve needs one epoch at least.", nameof(accuracies));
        }

        var best = 0;
        for (var i = 1; i < accuracies.Length; i++)
        {
            best = accuracies[i] > accuracies[best] ? i : best;
        }

        return new(accuracies[best], best, accuracies[^1]);
    }

    /// <summary>Another curve's value at the best epoch, such as the train accuracy.</summary>
    public double AtBest(ReadOnlySpan<double> curve) => curve[BestIndex];

    /// <summary>Another curve's last value over its value at the best epoch, such as the CSR's: what memorizing did to it.</summary>
    public double LastOverBest(ReadOnlySpan<double> curve) => curve[^1] / curve[BestIndex];

    /// <summary>The mean of the last points: where a curve has settled.</summary>
    public static double Plateau(ReadOnlySpan<double> curve, int points = 5)
    {
        var sum = 0.0;
        var tail = curve[Math.Max(0, curve.Length - points)..];
        foreach (var value in tail)
        {
            sum += value;
        }

        return sum / tail.Length;
    }
}
