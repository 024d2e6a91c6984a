namespace MemCluster.Statistics;

/// <summary>
/// Effective model complexity (Nakkiran et al. 2019): the most training examples that a training procedure still fits, on average over draws of
/// them. Test error is expected to peak where it is about the number of examples there are.
/// </summary>
/// <param name="Examples">Null: not even the smallest number tried is fitted.</param>
/// <param name="IsAtLeast">The largest number tried is fitted, so the true one may be larger: censored.</param>
public sealed record EffectiveComplexity(int? Examples, bool IsAtLeast)
{
    /// <summary>Of Nakkiran et al.</summary>
    public const double UsualEpsilon = 0.1;

    /// <param name="runs">Of one procedure (network, epochs, noise): training examples and final train error, 0 to 1. A NaN (diverged) is not fitted.</param>
    /// <param name="epsilon">The mean train error that counts as fitted.</param>
    public static EffectiveComplexity Of(IEnumerable<(int Examples, double TrainError)> runs, double epsilon = UsualEpsilon)
    {
        var sizes = runs.GroupBy(run => run.Examples).OrderBy(size => size.Key)
            .Select(size => (Examples: size.Key, Fits: size.Average(run => run.TrainError) <= epsilon)).ToList();
        var last = sizes.FindLastIndex(size => size.Fits);
        return last < 0 ? new(null, false) : new(sizes[last].Examples, last == sizes.Count - 1);
    }

    /// <summary>The smallest capacity (or epoch) from which on everything is fitted: where the peak of double descent is looked for.</summary>
    /// <param name="runs">At one number of training examples: capacity and final train error.</param>
    /// <returns>Null if the largest does not fit.</returns>
    public static double? InterpolationThreshold(IEnumerable<(double Capacity, double TrainError)> runs, double epsilon = UsualEpsilon)
    {
        double? threshold = null;
        foreach (var capacity in runs.GroupBy(run => run.Capacity).OrderByDescending(capacity => capacity.Key))
        {
            if (!(capacity.Average(run => run.TrainError) <= epsilon))
            {
                break;
            }

            threshold = capacity.Key;
        }

        return threshold;
    }
}
