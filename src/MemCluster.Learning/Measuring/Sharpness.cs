using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The constants of sharpness.</summary>
/// <param name="Iterations">Power steps; 50 reach the eigenvalue to many digits where the next is well below it.</param>
/// <param name="TraceProbes">Random directions of the trace's estimate.</param>
/// <param name="Batch">Examples in one pass. A fixed number: it changes the order of sums, hence the bits.</param>
public sealed record SharpnessConstants(int Iterations = 50, int TraceProbes = 100, int Batch = 1_000);

/// <param name="Eigenvalue">The Hessian's eigenvalue of largest magnitude, with its sign.</param>
/// <param name="RayleighQuotients">vᵀHv before each step: shows whether it has settled.</param>
public sealed record PowerIteration(double Eigenvalue, double[] RayleighQuotients)
{
    /// <summary>What Krueger et al. 2017 report.</summary>
    public double Sharpness => Math.Abs(Eigenvalue);
}

/// <summary>
/// The Hessian of the mean loss over all examples in all parameters, seen through products with vectors: sharpness (Krueger et al. 2017, after
/// LeCun et al. 1993) and trace.
/// </summary>
public sealed class LossHessian(
    IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, SharpnessConstants? constants = null)
{
    private readonly SharpnessConstants _constants = constants ?? new();

    /// <summary>Power iteration: v ← Hv / ‖Hv‖.</summary>
    /// <param name="start">Any direction, one tensor per parameter; Gaussian, say. Not changed.</param>
    /// <exception cref="OperationCanceledException">Stopped between passes.</exception>
    public PowerIteration Largest(IReadOnlyList<Tensor> start, CancellationToken stop = default)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var direction = Normalized(start);
        var quotients = new List<double>();
        for (var iteration = 0; ; iteration++)
        {
            using var step = NewDisposeScope();       // fifty copies of a wide network's weights would not fit
            var product = Product(direction, stop);
            quotients.Add(Tensors.Dot(direction, product).ToDouble());
            if (iteration == _constants.Iterations || GradientNorms.L2(product) == 0)
            {
                return new(quotients[^1], [.. quotients.Take(_constants.Iterations)]);
            }

            direction.ForEach(part => part.Dispose());
            direction = [.. Normalized(product).Select(part => part.MoveToOuterDisposeScope())];
        }
    }

    /// <summary>vᵀHv: over Rademacher directions its mean is the trace (Hutchinson 1990).</summary>
    public double Quotient(IReadOnlyList<Tensor> direction, CancellationToken stop = default)
    {
        using var scope = NewDisposeScope();
        return Tensors.Dot(direction, Product(direction, stop)).ToDouble();
    }

    /// <summary>Hv, one tensor per parameter.</summary>
    public IReadOnlyList<Tensor> Product(IReadOnlyList<Tensor> direction, CancellationToken stop = default)
    {
        using var scope = NewDisposeScope();
        using var on = enable_grad();
        var leaves = Tensors.Leaves(parameters);
        List<Tensor> sums = [.. leaves.Select(leaf => zeros_like(leaf, requires_grad: false))];
        var count = labels.shape[0];
        for (var from = 0L; from < count; from += _constants.Batch)
        {
            stop.ThrowIfCancellationRequested();
            using var batch = NewDisposeScope();
            var size = Math.Min(_constants.Batch, count - from);
            var part = loss.PerExample(network.Logits(leaves, inputs.narrow(0, from, size)), labels.narrow(0, from, size)).sum().Over(count);
            var gradient = autograd.grad([part], leaves, retain_graph: true, create_graph: true);
            var product = autograd.grad([Tensors.Dot(gradient, direction)], leaves);
            foreach (var (sum, term) in sums.Zip(product))
            {
                sum.Add(term);
            }
        }

        return [.. sums.Select(sum => sum.MoveToOuterDisposeScope())];
    }

    private static List<Tensor> Normalized(IEnumerable<Tensor> vector)
    {
        var values = vector.ToArray();
        var length = GradientNorms.L2(values);
        return [.. values.Select(value => value.detach().Over(length))];
    }
}
