namespace MemCluster.Statistics;

/// <summary>Area under the receiver operating characteristic: P(a positive example scores higher than a negative one), ties counting one half.</summary>
public static class Auroc
{
    /// <summary>Whether there are examples of both kinds.</summary>
    public static bool IsDefined(ReadOnlySpan<bool> positive) => positive.Contains(true) && positive.Contains(false);

    /// <param name="scores">High should mean positive. One per example.</param>
    /// <param name="positive">Which examples are positive, such as those with a corrupted label.</param>
    /// <returns>0 to 1, chance .5; NaN when all examples are of one kind, and when a score is NaN, which has no rank.</returns>
    /// <exception cref="ArgumentException">Unequal lengths.</exception>
    public static double Of(double[] scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length != positive.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores and {positive.Length} labels; each example needs one of both.", nameof(positive));
        }

        if (Array.Exists(scores, double.IsNaN))
        {
            return double.NaN;
        }

        var (rankSum, positives) = (0.0, 0L);
        var ranks = RankCorrelation.Ranks(scores);
        for (var i = 0; i < ranks.Length; i++)
        {
            if (positive[i])
            {
                rankSum += ranks[i];
                positives++;
            }
        }

        // Mann–Whitney's U over all pairs.
        return (rankSum - positives * (positives + 1) / 2.0) / ((double)positives * (scores.Length - positives));
    }

    /// <summary>
    /// Membership inference by loss threshold (Yeom et al. 2018): how well a low loss tells training examples from held-out ones. Grows with
    /// memorization. Use as many of each kind, and the same kind of examples.
    /// </summary>
    public static double OfMembership(ReadOnlySpan<double> trainingLosses, ReadOnlySpan<double> heldOutLosses)
    {
        var scores = new double[trainingLosses.Length + heldOutLosses.Length];
        var member = new bool[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            member[i] = i < trainingLosses.Length;
            scores[i] = -(member[i] ? trainingLosses[i] : heldOutLosses[i - trainingLosses.Length]);
        }

        return Of(scores, member);
    }
}
