using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// What dense layers with ReLU between them (<see cref="Mlp"/>) are spared: their gradients are written out, so that measures over many examples or
/// directions need not ask autograd for one after the other.
/// </summary>
internal static class DenseLayers
{
    /// <summary>Whether it is made of them.</summary>
    public static bool Are(IDifferentiableNetwork network) => network is NetworkFunction { Network: Mlp };

    /// <summary>One forward and backward pass, kept in parts.</summary>
    /// <param name="Entering">Per layer, what entered it: examples × inputs.</param>
    /// <param name="Logits">Examples × classes.</param>
    /// <param name="Deltas">Per layer, the derivative of each example's own loss in the layer's sums: examples × outputs.</param>
    public sealed record Pass(IReadOnlyList<Tensor> Entering, Tensor Logits, IReadOnlyList<Tensor> Deltas);

    /// <summary>Asks autograd for the loss's derivative in the logits only.</summary>
    public static Pass Differentiate(ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels)
    {
        using var off = no_grad();
        var entering = new List<Tensor> { inputs.flatten(1) };
        for (var i = 0; i < parameters.Count - 2; i += 2)
        {
            entering.Add(nn.functional.linear(entering[^1], parameters[i], parameters[i + 1]).relu_());
        }

        var logits = nn.functional.linear(entering[^1], parameters[^2], parameters[^1]);
        var deltas = new Tensor[entering.Count];
        deltas[^1] = LogitDerivative(loss, logits, labels);
        for (var layer = deltas.Length - 1; layer > 0; layer--)
        {
            deltas[layer - 1] = deltas[layer].matmul(parameters[2 * layer]) * Slope(entering[layer]);
        }

        return new Pass(entering, logits, deltas);
    }

    /// <summary>ReLU's slope by its outcome: 1 above zero, else 0.</summary>
    public static Tensor Slope(Tensor activations) => activations.IsAbove(0).to(activations.dtype);

    private static Tensor LogitDerivative(ExampleLoss loss, Tensor logits, Tensor labels)
    {
        using var on = enable_grad();
        var leaf = logits.detach().requires_grad_();
        return autograd.grad([loss.PerExample(leaf, labels).sum()], [leaf])[0];
    }
}
