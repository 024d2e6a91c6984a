namespace MemCluster.Statistics;

/// <summary>
/// Consistency score (Jiang et al. 2021): how often an example comes out right when it is held out, for training sets of several sizes. Near 1
/// for regular examples, near 0 for mislabeled ones.
/// </summary>
/// <param name="HeldOut">[ratio][example]: share of the runs without the example in which it came out right; NaN if no run left it out.</param>
/// <param name="Strict">Mean over ratios; NaN for an example that lacks one. Use this to compare examples.</param>
/// <param name="Available">Mean over the ratios there are: comparable only where the same ratios are missing.</param>
public sealed record CScore(IReadOnlyList<double[]> HeldOut, double[] Strict, double[] Available)
{
    /// <param name="ratios">Per ratio: row per run, which examples were trained on, and which came out right.</param>
    public static CScore Of(IReadOnlyList<(BitMatrix Member, BitMatrix Correct)> ratios)
    {
        var heldOut = ratios.Select(ratio => Shares(ratio.Member, ratio.Correct)).ToArray();
        var examples = Enumerable.Range(0, heldOut[0].Length).ToArray();
        return new(
            heldOut,
            [.. examples.Select(example => heldOut.Average(shares => shares[example]))],
            [.. examples.Select(example => heldOut.Select(shares => shares[example]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average())]);
    }

    private static double[] Shares(BitMatrix member, BitMatrix correct) =>
    [
        .. Enumerable.Range(0, member.Columns).Select(example =>
            (double)(correct.Count(example) - member.CountBoth(example, correct, example)) / (member.Rows - member.Count(example))),
    ];
}
