namespace MemCluster.Messages;

/// <summary>
/// Training in two phases (Maini et al. 2022): up to an epoch on one part of the training examples, the first split, from then on with the others only. What is forgotten of the
/// first one then is measured by <c>second-split</c>.
/// </summary>
/// <param name="After">Epochs of the first phase, at least 1.</param>
/// <param name="Share">Of the training examples, the share in the second split, above 0 to below 1 (published: half).</param>
public sealed record SecondSplit(int After, double Share)
{
    public const double Half = 0.5;

    /// <summary>How many of so many examples are in the second split: round(share · n), halves away from zero; each split has one at least.</summary>
    public int Of(int examples) => Math.Min(examples - 1, Math.Max(1, (int)Math.Round(Share * examples, MidpointRounding.AwayFromZero)));
}
