using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Which examples the two phases of training learn from. Drawn once from the trial's seed; larger second splits hold smaller ones.</summary>
internal static class Splits
{
    /// <summary>Of each example, in file order, whether it is in the second split.</summary>
    public static bool[] Second(SecondSplit split, Seeds seeds, int examples)
    {
        var second = new bool[examples];
        foreach (var example in seeds.Generator(Seeds.SecondSplit).Permutation(examples).AsSpan(0, split.Of(examples)))
        {
            second[example] = true;
        }

        return second;
    }

    /// <summary>The examples that an epoch learns from, in file order; null: all of them.</summary>
    public static int[]? At(TrainingSettings training, Seeds seeds, int epoch, int examples)
    {
        if (training.SecondSplit is not { } split)
        {
            return null;
        }

        var second = Second(split, seeds, examples);
        return [.. Enumerable.Range(0, examples).Where(example => second[example] == epoch > split.After)];
    }
}
