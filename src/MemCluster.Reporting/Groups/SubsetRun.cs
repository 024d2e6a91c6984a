using System.Collections;

namespace MemCluster.Reporting.Groups;

/// <summary>The training examples of an ensemble, which are the same for all its networks.</summary>
/// <param name="Drawn">Their places in the training file; null where they are its first ones.</param>
internal sealed record ExampleLabels(int[] Given, int[] True, bool[] Corrupted, int[]? Drawn)
{
    public static ExampleLabels Of(WholeSheet whole) =>
        new(Array.ConvertAll(whole.Given, label => (int)label), Array.ConvertAll(whole.True, label => (int)label), whole.Corrupted, whole.Drawn);

    public bool IsSame(ExampleLabels other) => ReferenceEquals(this, other)
        || (Given.AsSpan().SequenceEqual(other.Given) && True.AsSpan().SequenceEqual(other.True) && Corrupted.AsSpan().SequenceEqual(other.Corrupted)
            && (Drawn ?? []).AsSpan().SequenceEqual(other.Drawn ?? []));
}

/// <summary>A network of an ensemble, a bit for each example: thousands of them are held at once.</summary>
/// <param name="Member">Which training examples it was trained on.</param>
/// <param name="Correct">Which of all training examples come out right.</param>
/// <param name="Validation">Which validation examples do; may be followed by up to seven bits that are filling.</param>
internal sealed record SubsetRun(ExampleLabels Labels, BitArray Member, BitArray Correct, BitArray Validation)
{
    /// <param name="known">Labels of another network: they are shared if they are the same.</param>
    public static SubsetRun Of(WholeSheet whole, ExampleLabels? known)
    {
        var labels = ExampleLabels.Of(whole);
        return new(known is not null && known.IsSame(labels) ? known : labels, new(whole.Kept), new(whole.Correct), new(whole.Validation));
    }
}
