using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>What a network says of each example, in file order: the ground that all measures stand on.</summary>
/// <param name="Losses">Cross-entropy in nats against the label given.</param>
/// <param name="Predictions">The class with the largest score; the first of equal ones.</param>
internal sealed record ExampleScores(double[] Losses, int[] Predictions);

internal static class Scoring
{
    /// <summary>Examples in one forward pass. A fixed number: it changes the order of sums, hence the bits.</summary>
    public const int Batch = 1_000;

    /// <summary>Eval mode, one forward pass.</summary>
    public static ExampleScores Of(INetwork network, TensorData data, CancellationToken stop)
    {
        var (losses, predictions) = (new double[data.Count], new int[data.Count]);
        using var _ = no_grad();
        for (var from = 0; from < data.Count; from += Batch)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (images, labels) = data.Slice(from, Math.Min(Batch, data.Count - from));
            var logits = network.Forward(images, ForwardPass.Scoring);
            var loss = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None);
            loss.to(ScalarType.Float64).cpu().data<double>().CopyTo(losses, from);
            logits.argmax(1).to(ScalarType.Int32).cpu().data<int>().CopyTo(predictions, from);
        }

        return new ExampleScores(losses, predictions);
    }
}
