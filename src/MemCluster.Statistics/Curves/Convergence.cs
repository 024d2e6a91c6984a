namespace MemCluster.Statistics;

/// <summary>
/// Time to convergence: the first epoch, from 1, after which every training example is right. Null is censored, "not within the epochs run";
/// it is never counted as the last epoch. Arpit et al. 2017, section 4.2.
/// </summary>
public static class Convergence
{
    /// <param name="correctAfterEpoch">Entry e: how many of the training examples are right after epoch e + 1.</param>
    public static int? Epoch(ReadOnlySpan<int> correctAfterEpoch, int examples)
    {
        var index = correctAfterEpoch.IndexOf(examples);
        return index < 0 ? null : index + 1;
    }

    /// <summary>Mean of the runs that converged (NaN if none did), and whether some did not: then the mean is too low.</summary>
    public static (double MeanOfReached, bool HasCensored) Mean(IReadOnlyCollection<int?> epochs) => (
        epochs.Where(epoch => epoch is not null).Select(epoch => (double)epoch!.Value).DefaultIfEmpty(double.NaN).Average(),
        epochs.Any(epoch => epoch is null));

    /// <summary>The means in units of the mean at the smallest setting of the same noise level, as the paper's figure 6 draws them.</summary>
    /// <param name="bySetting">Seeds' epochs at each width or set size.</param>
    public static IReadOnlyDictionary<double, (double Ratio, bool HasCensored)> Normalised(IReadOnlyDictionary<double, IReadOnlyList<int?>> bySetting)
    {
        var smallest = Mean(bySetting[bySetting.Keys.Min()]).MeanOfReached;
        return bySetting.ToDictionary(entry => entry.Key, entry => (Mean(entry.Value).MeanOfReached / smallest, Mean(entry.Value).HasCensored));
    }
}
