namespace MemCluster.Messages;

/// <summary>
/// Which training examples a trial leaves out, by a score that other trials of the same sweep compute first: trials with the same settings and the
/// same noise, but another seed, so that no network is judged by what it did itself.
/// </summary>
/// <param name="Score">A per-example score, as results name it (<c>input_gradient</c>); empty where none is needed.</param>
/// <param name="Drop">One of <see cref="Drops"/>.</param>
/// <param name="Fraction">Share of the training examples that is left out, above 0 to below 1; 0 for none.</param>
/// <param name="From">Window only: the share, from 0 to <paramref name="Fraction"/>, that is left out at the low end; the rest at the high one.</param>
/// <param name="Runs">How many trials score; their mean counts.</param>
/// <param name="Measured">When these trials measure, and with which constants: the text of a <see cref="MeasureRequest"/>. The mean over the epochs counts.</param>
public sealed record Prune(string Score, string Drop, double Fraction, double From = 0, int Runs = 1, string Measured = "")
{
    public const int MostRuns = 100;

    public static readonly Prune None = new("", Drops.Nothing, 0);

    /// <summary>Scores of other trials are needed.</summary>
    public bool NeedsScores => Score.Length > 0;

    /// <summary>How many of so many examples are left out: round(fraction · n), halves away from zero; one example stays in any case.</summary>
    public int DroppedOf(int examples) => Math.Min(examples - 1, Rounded(Fraction, examples));

    /// <summary>How many of them at the low end.</summary>
    public int LowestDroppedOf(int examples) => Drop switch
    {
        Drops.Lowest => DroppedOf(examples),
        Drops.Window => Math.Min(DroppedOf(examples), Rounded(From, examples)),
        _ => 0,
    };

    /// <summary>
    /// Numbers that a trial tells of what it left out: how many examples it kept, the share of wrong ones among them and among those left out (<see cref="MislabelledExamples"/>), and the
    /// smallest class among those kept, as a share of what equal classes would have.
    /// </summary>
    public static IReadOnlyList<string> Numbers => [Kept, CorruptedShareKept, CorruptedShareDropped, LeastClassKept];

    public const string Kept = "kept_examples";
    public const string CorruptedShareKept = "corrupted_share_kept";
    public const string CorruptedShareDropped = "corrupted_share_dropped";
    public const string LeastClassKept = "least_class_kept";

    private static int Rounded(double share, int examples) => (int)Math.Round(share * examples, MidpointRounding.AwayFromZero);
}

/// <summary>Which examples are left out.</summary>
public static class Drops
{
    public const string Nothing = "none";
    public const string Highest = "highest";
    public const string Lowest = "lowest";
    public const string Random = "random";

    /// <summary>Those outside of a window of the order from lowest to highest (Paul et al. 2021).</summary>
    public const string Window = "window";
}

/// <summary>Which examples of a training set are kept, a bit each, packed as in <see cref="Finding.OfBits"/>.</summary>
public static class KeptBits
{
    /// <summary>
    /// Orders the examples by score, equal ones (NaN among themselves, below all numbers) by their number, and leaves out what is asked: a function
    /// of its arguments alone, the same wherever it is computed.
    /// </summary>
    /// <param name="scores">One for each example, in file order.</param>
    public static byte[] Of(Prune prune, double[] scores)
    {
        var order = Enumerable.Range(0, scores.Length).OrderBy(example => scores[example]).ThenBy(example => example).ToArray();
        var lowest = prune.LowestDroppedOf(scores.Length);
        var kept = new bool[scores.Length];
        foreach (var example in order.AsSpan(lowest, scores.Length - prune.DroppedOf(scores.Length)))
        {
            kept[example] = true;
        }

        return Finding.OfBits(0, ExampleNames.Kept, kept).Values;
    }

    /// <exception cref="ArgumentException">There are not as many bits as examples.</exception>
    public static bool[] Unpack(byte[] bits, int examples) => bits.Length == (examples + 7) / 8
        ? [.. Enumerable.Range(0, examples).Select(example => (bits[example / 8] >> (example % 8) & 1) == 1)]
        : throw new ArgumentException($"{bits.Length} bytes say which of {examples} examples are kept; there must be {(examples + 7) / 8}.", nameof(bits));
}
