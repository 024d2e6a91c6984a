using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// A training run by plain stochastic gradient descent that can be gone through again, forwards and backwards: θ ← θ − rate · gradient of the
/// minibatch's mean loss.
/// </summary>
/// <param name="Initial">θ₀; not changed.</param>
/// <param name="Inputs">All training examples, examples first.</param>
/// <param name="Labels">64-bit class numbers.</param>
/// <param name="Minibatches">Per step, which examples; one that is drawn twice counts twice.</param>
public sealed record UnrolledRun(
    IDifferentiableNetwork Network, ExampleLoss Loss, IReadOnlyList<Tensor> Initial, Tensor Inputs, Tensor Labels, IReadOnlyList<int[]> Minibatches,
    double Rate)
{
    public int Steps => Minibatches.Count;

    public int Examples => (int)Labels.shape[0];

    internal (Tensor Inputs, Tensor Labels) Take(IEnumerable<int> examples)
    {
        using var indices = Tensors.Indices(examples);
        return (Inputs.index_select(0, indices), Labels.index_select(0, indices));
    }

    /// <summary>The weights after each of the steps from … to − 1, the first entry being those before.</summary>
    internal List<IReadOnlyList<Tensor>> Path(IReadOnlyList<Tensor> weights, int from, int to, CancellationToken stop)
    {
        var path = new List<IReadOnlyList<Tensor>> { weights };
        for (var step = from; step < to; step++)
        {
            path.Add(Step(path[^1], step, stop));
        }

        return path;
    }

    internal IReadOnlyList<Tensor> Advance(IReadOnlyList<Tensor> weights, int from, int to, CancellationToken stop)
    {
        for (var step = from; step < to; step++)
        {
            var next = Step(weights, step, stop);
            if (step > from)
            {
                Dispose(weights);
            }

            weights = next;
        }

        return weights;
    }

    internal static void Dispose(IEnumerable<Tensor> weights)
    {
        foreach (var weight in weights)
        {
            weight.Dispose();
        }
    }

    private List<Tensor> Step(IReadOnlyList<Tensor> weights, int step, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var on = enable_grad();
        var leaves = Tensors.Leaves(weights);
        var (inputs, labels) = Take(Minibatches[step]);
        var gradient = autograd.grad([Loss.PerExample(Network.Logits(leaves, inputs), labels).mean()], leaves);
        using var off = no_grad();
        return [.. leaves.Zip(gradient, (leaf, slope) => leaf.Plus(slope, -Rate).MoveToOuterDisposeScope())];
    }
}
