using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Which examples each step of an epoch learns from. It follows from the seed and the epoch alone.</summary>
internal static class Minibatches
{
    /// <summary>
    /// A permutation of the examples, cut into batches of which the last may be smaller; or batches drawn with replacement, all full, in which an
    /// example may occur twice.
    /// </summary>
    public static IEnumerable<int[]> Of(TrainingSettings training, Seeds seeds, int epoch, int examples) =>
        Splits.At(training, seeds, epoch, examples) is { } split
            ? OfAll(training, seeds, epoch, split.Length).Select(batch => Array.ConvertAll(batch, place => split[place]))
            : OfAll(training, seeds, epoch, examples);

    private static IEnumerable<int[]> OfAll(TrainingSettings training, Seeds seeds, int epoch, int examples) =>
        training.Sampling == TrainingSettings.WithReplacement
            ? Enumerable.Range(0, training.EpochSteps ?? (examples + training.Batch - 1) / training.Batch).Select(step => Drawn(training.Batch, seeds, epoch, step, examples))
            : seeds.Generator(Seeds.Order, epoch).Permutation(examples).Chunk(training.Batch);

    private static int[] Drawn(int batch, Seeds seeds, int epoch, int step, int examples)
    {
        var draws = seeds.Generator(Seeds.OrderWithReplacement, epoch, step);
        return [.. Enumerable.Range(0, batch).Select(_ => draws.Below(examples))];
    }
}
