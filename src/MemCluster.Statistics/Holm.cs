namespace MemCluster.Statistics;

/// <summary>Several p-values at once: how probable one as small as this is anywhere among them, if nothing is there. Holm 1979, a step-down form of Bonferroni's.</summary>
public static class Holm
{
    /// <summary>Adjusted p-values, in the given order. Whatever depends on whatever, all that are at most α together have an error rate of at most α.</summary>
    /// <param name="p">0 to 1; a NaN counts as no test and stays one.</param>
    public static double[] Adjusted(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        int[] order = [.. Enumerable.Range(0, p.Count).Where(i => !double.IsNaN(p[i])).OrderBy(i => p[i])];
        double[] adjusted = [.. p];
        var most = 0.0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            most = Math.Max(most, Math.Min(1, (order.Length - rank) * p[order[rank]]));
            adjusted[order[rank]] = most;
        }

        return adjusted;
    }
}
