using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// GraNd (Paul et al. 2021): per example, the 2-norm of the gradient of its own loss in all parameters. The score is the mean over runs. At
/// initialization it follows the input's norm and says little (Kirsch 2023); use it some epochs in.
/// </summary>
public static class GradientNorms
{
    /// <param name="counts">Which parameters count, in their order (such as weights without biases); null: all.</param>
    /// <returns>One number per example.</returns>
    /// <exception cref="OperationCanceledException">Stopped between examples.</exception>
    public static double[] PerExample(
        IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels,
        Func<int, bool>? counts = null, CancellationToken stop = default)
    {
        counts ??= _ => true;
        using var scope = NewDisposeScope();
        return DenseLayers.Are(network)
            ? OuterProducts(DenseLayers.Differentiate(loss, parameters, inputs, labels), counts)
            : OneByOne(network, loss, parameters, inputs, labels, counts, stop);
    }

    /// <summary>The norm of a whole list of tensors: of the parameters, or of a gradient.</summary>
    public static double L2(IEnumerable<Tensor> values)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(values.Sum(value => value.detach().to(ScalarType.Float64).Squared().sum().ToDouble()));
    }

    /// <summary>‖gradient of the mean loss over all examples‖₂.</summary>
    /// <param name="batch">Examples in one pass.</param>
    /// <exception cref="OperationCanceledException">Stopped between passes.</exception>
    public static double OfMeanLoss(
        IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, int batch, CancellationToken stop = default)
    {
        using var scope = NewDisposeScope();
        using var on = enable_grad();
        var leaves = Tensors.Leaves(parameters);
        var sums = leaves.Select(leaf => zeros_like(leaf, requires_grad: false)).ToArray();
        var count = labels.shape[0];
        for (var from = 0L; from < count; from += batch)
        {
            stop.ThrowIfCancellationRequested();
            using var pass = NewDisposeScope();
            var size = Math.Min(batch, count - from);
            var part = loss.PerExample(network.Logits(leaves, inputs.narrow(0, from, size)), labels.narrow(0, from, size)).sum().Over(count);
            foreach (var (sum, term) in sums.Zip(autograd.grad([part], leaves)))
            {
                sum.Add(term);
            }
        }

        return L2(sums);
    }

    // A dense layer's gradient for one example is the outer product δaᵀ, whose norm is ‖δ‖·‖a‖; the bias's gradient is δ.
    private static double[] OuterProducts(DenseLayers.Pass pass, Func<int, bool> counts)
    {
        var squares = zeros(pass.Logits.shape[0], dtype: ScalarType.Float64);
        for (var layer = 0; layer < pass.Deltas.Count; layer++)
        {
            var delta = Squared(pass.Deltas[layer]);
            squares = counts(2 * layer) ? squares.Plus(delta * Squared(pass.Entering[layer])) : squares;
            squares = counts(2 * layer + 1) ? squares.Plus(delta) : squares;
        }

        return squares.ToRoots();

        static Tensor Squared(Tensor rows) => rows.to(ScalarType.Float64).Squared().sum(1);
    }

    private static double[] OneByOne(
        IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, Func<int, bool> counts,
        CancellationToken stop)
    {
        using var on = enable_grad();
        var leaves = Tensors.Leaves(parameters);
        var norms = new double[inputs.shape[0]];
        for (var i = 0; i < norms.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var own = loss.PerExample(network.Logits(leaves, inputs.narrow(0, i, 1)), labels.narrow(0, i, 1)).sum();
            norms[i] = L2(autograd.grad([own], leaves).Where((_, index) => counts(index)));
        }

        return norms;
    }
}
