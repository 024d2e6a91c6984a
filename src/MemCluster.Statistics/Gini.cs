namespace MemCluster.Statistics;

/// <summary>The Gini coefficient: how unequally a quantity is spread over examples.</summary>
public static class Gini
{
    /// <summary>Whether there is anything to be spread; if not, the formula is 0/0.</summary>
    public static bool IsDefined(ReadOnlySpan<double> values) => values.ContainsAnyExcept(0.0);

    /// <summary>
    /// G = Σᵢⱼ |vᵢ − vⱼ| / (2 n Σ v), by the sorted form 2 Σ i·v₍ᵢ₎ / (n Σ v) − (n + 1)/n. Arpit et al. 2017, section 3.2.
    /// </summary>
    /// <param name="values">Not negative.</param>
    /// <returns>0 (all equal) to 1 − 1/n (one holds everything). NaN where the formula is 0/0 (no values, or all zero), and for a NaN value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative.</exception>
    public static double Of(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var (n, sum, weighted) = (sorted.Length, 0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            if (sorted[i] < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(values), sorted[i], "A Gini coefficient is of values that are not negative.");
            }

            sum += sorted[i];

            // Twice the rank less n + 1, an exact number: the two terms of the textbook form would cancel.
            weighted += (2.0 * (i + 1) - n - 1) * sorted[i];
        }

        return weighted / (n * sum);
    }
}
