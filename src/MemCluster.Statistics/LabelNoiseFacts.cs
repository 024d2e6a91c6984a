namespace MemCluster.Statistics;

/// <summary>What label noise should do to a set, to be held against what it did.</summary>
/// <param name="Corrupted">How many labels are drawn anew: round(noise · n), halves up.</param>
/// <param name="ShareChanged">Probability that a label differs from the true one.</param>
/// <param name="TruePredictorAccuracy">Accuracy against the labels given of a network that has learned the true ones: early plateaus lie here.</param>
/// <param name="ExpectedChanged">Mean number of labels that differ.</param>
/// <param name="Deviation">Of that number, when exactly <paramref name="Corrupted"/> labels are redrawn (as here).</param>
/// <param name="IndependentDeviation">When each label is redrawn with probability noise (Zhang et al. 2017).</param>
public readonly record struct LabelNoiseFacts(
    int Corrupted, double ShareChanged, double TruePredictorAccuracy, double ExpectedChanged, double Deviation, double IndependentDeviation)
{
    /// <param name="classes">K, at least 2.</param>
    /// <param name="noise">0 to 1.</param>
    /// <param name="keepTrueClass">Whether the draw is among all K classes (Zhang; Arpit) or the K − 1 wrong ones (Nakkiran; Toneva).</param>
    public static LabelNoiseFacts Of(int classes, double noise, int examples, bool keepTrueClass)
    {
        var wrong = keepTrueClass ? 1 - 1.0 / classes : 1;
        var (share, corrupted) = (noise * wrong, (int)Math.Round(noise * examples, MidpointRounding.AwayFromZero));
        return new(
            corrupted, share, 1 - noise + noise * (1 - wrong), corrupted * wrong,
            Math.Sqrt(corrupted * wrong * (1 - wrong)), Math.Sqrt(examples * share * (1 - share)));
    }
}
