using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Leaves examples out of a training set that has its noise already.</summary>
public static class Pruning
{
    /// <summary>What is left, and what is told of it: which examples are kept, and <see cref="Prune.Numbers"/>. Null findings where nothing is left out.</summary>
    /// <param name="kept">By the scores of other trials, as <see cref="KeptBits"/>; null where none are needed.</param>
    /// <exception cref="InvalidOperationException">The scores are needed and are not there, or are not of these examples.</exception>
    public static (CorruptedData Data, IReadOnlyList<Finding> Told) Apply(CorruptedData whole, TrialSettings settings, byte[]? kept)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Prune.Drop == Drops.Nothing)
        {
            return (whole, []);
        }

        var examples = whole.Given.Length;
        var bits = settings.Prune.NeedsScores
            ? KeptBits.Unpack(kept ?? throw new InvalidOperationException("The trial leaves out examples by scores, and came without them."), examples)
            : Drawn(settings, examples);
        var data = Only(whole, bits);
        return (data, [Finding.OfBits(0, ExampleNames.Kept, bits), .. Numbers(whole, data, bits)]);
    }

    /// <summary>The first ones of a permutation go: so what is left out is nested across fractions, and paired across all else.</summary>
    private static bool[] Drawn(TrialSettings settings, int examples)
    {
        var kept = new bool[examples];
        foreach (var example in new Seeds(settings.Seed).Generator(Seeds.Prune).Permutation(examples).AsSpan(settings.Prune.DroppedOf(examples)))
        {
            kept[example] = true;
        }

        return kept;
    }

    /// <summary>The examples that are marked.</summary>
    internal static CorruptedData Only(CorruptedData whole, bool[] marked)
    {
        int[] examples = [.. Enumerable.Range(0, marked.Length).Where(example => marked[example])];
        var pixels = whole.Images.Length / marked.Length;
        var images = new float[examples.Length * pixels];
        for (var i = 0; i < examples.Length; i++)
        {
            whole.Images.AsSpan(examples[i] * pixels, pixels).CopyTo(images.AsSpan(i * pixels));
        }

        return whole with
        {
            Images = images,
            Given = Array.ConvertAll(examples, example => whole.Given[example]),
            True = Array.ConvertAll(examples, example => whole.True[example]),
            Corrupted = Array.ConvertAll(examples, example => whole.Corrupted[example]),
        };
    }

    private static IEnumerable<Finding> Numbers(CorruptedData whole, CorruptedData data, bool[] kept)
    {
        var wrong = whole.Wrong;
        var (stays, goes) = (wrong.Where((_, example) => kept[example]).ToArray(), wrong.Where((_, example) => !kept[example]).ToArray());
        var classes = new int[data.Card.Classes];
        foreach (var label in data.Given)
        {
            classes[label]++;
        }

        yield return Finding.OfNumber(0, Prune.Kept, data.Given.Length);
        yield return Finding.OfNumber(0, Prune.CorruptedShareKept, Defined.Share(stays.Count(one => one), stays.Length));
        yield return Finding.OfNumber(0, Prune.CorruptedShareDropped, Defined.Share(goes.Count(one => one), goes.Length));
        yield return Finding.OfNumber(0, Prune.LeastClassKept, classes.Min() * (double)classes.Length / data.Given.Length);
    }
}
