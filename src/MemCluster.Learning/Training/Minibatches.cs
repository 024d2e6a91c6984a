using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Which examples each step of an epoch learns from. It follows from the seed and the epoch alone.</summary>
internal static class Minibatches
{
    /// <summary>A permutation of the examples, cut into batches; the last may be smaller.</summary>
    public static IEnumerable<int[]> Of(TrainingSettings training, Seeds seeds, int epoch, int examples) =>
        seeds.Generator(Seeds.Order, epoch).Permutation(examples).Chunk(training.Batch);
}
