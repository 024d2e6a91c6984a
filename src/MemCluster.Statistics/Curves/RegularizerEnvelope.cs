namespace MemCluster.Statistics;

/// <summary>Does a regularizer hinder memorizing without hindering learning? Arpit et al. 2017, figure 10.</summary>
public static class RegularizerEnvelope
{
    /// <summary>The best validation accuracy on real data among the settings that fit at most this share of random labels.</summary>
    /// <param name="randomTrain">Per setting, the final train accuracy on random labels.</param>
    /// <param name="realValidation">Per setting, the best validation accuracy on real data.</param>
    /// <param name="limit">0 to 1.</param>
    /// <returns>NaN if no setting fits so little.</returns>
    public static double At(ReadOnlySpan<double> randomTrain, ReadOnlySpan<double> realValidation, double limit)
    {
        var best = double.NaN;
        for (var i = 0; i < randomTrain.Length; i++)
        {
            if (randomTrain[i] <= limit && !(realValidation[i] <= best))
            {
                best = realValidation[i];
            }
        }

        return best;
    }
}
