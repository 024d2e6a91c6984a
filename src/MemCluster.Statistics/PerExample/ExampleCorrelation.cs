namespace MemCluster.Statistics;

/// <summary>
/// Spearman's rank correlation of two scores of the same examples (Spearman 1904): Pearson's of the ranks. Equal scores share the mean of their ranks, infinities too: all
/// examples that were never learned are equally so.
/// </summary>
public static class ExampleCorrelation
{
    /// <param name="first">A number for each example; NaN where it has none.</param>
    /// <param name="second">Likewise, of the same examples.</param>
    /// <param name="without">Leaves out this block of the examples (<see cref="BlockJackknife"/>); −1: none.</param>
    /// <returns>−1 to 1, over the examples that have both; NaN for fewer than three, and where all of them have one score.</returns>
    /// <exception cref="ArgumentException">Unequal lengths.</exception>
    public static double Spearman(double[] first, double[] second, int without = -1)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"A correlation needs two scores of the same examples; there are {first.Length} and {second.Length}.", nameof(second));
        }

        int[] taken = [.. Enumerable.Range(0, first.Length).Where(example =>
            !double.IsNaN(first[example]) && !double.IsNaN(second[example]) && BlockJackknife.BlockOf(example, first.Length) != without)];
        return taken.Length < 3
            ? double.NaN
            : RankCorrelation.Of(Array.ConvertAll(taken, example => first[example]), Array.ConvertAll(taken, example => second[example])).Spearman;
    }
}
