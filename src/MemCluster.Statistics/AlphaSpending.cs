namespace MemCluster.Statistics;

/// <summary>
/// How the error that a decision may have is shared out among several looks at data that grow (Lan and DeMets 1983): by a function of how much of the data is there,
/// fixed beforehand, so that neither the number of looks nor what they show can change what is left. Here the power family of Kim and DeMets (1987), α · t^ρ.
/// </summary>
public static class AlphaSpending
{
    /// <summary>
    /// What each look may spend. If the interval of look k misses with a probability of at most α_k, then any of them misses with at most Σ α_k = α, whatever the looks
    /// have in common and whatever kind of interval it is (Bonferroni 1936): no joint distribution is assumed.
    /// </summary>
    /// <param name="counts">How much data each look has, ascending, above 0; the last is all that there can be.</param>
    /// <param name="level">α, above 0 and below 1.</param>
    /// <param name="power">ρ, above 0: 1 spends evenly by data, more keeps more for late looks.</param>
    public static double[] Increments(IReadOnlyList<int> counts, double level, double power)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(power);
        var spent = 0.0;
        var increments = new double[counts.Count];
        for (var look = 0; look < increments.Length; look++)
        {
            var before = spent;
            spent = level * Math.Pow(counts[look] / (double)counts[^1], power);
            increments[look] = spent - before;
        }

        return increments;
    }
}
