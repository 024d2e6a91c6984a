using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Input-loss curvature (Garg et al. 2023): E‖Hv‖² = tr H² over Rademacher directions v, with H the Hessian of an example's own loss in its
/// input. Average it over epochs: at the very end of training it falls on what was memorized. A ReLU network curves by its softmax only.
/// </summary>
public static class InputCurvature
{
    /// <summary>‖Hv‖² per example with the exact Hessian; the score is the mean over probes.</summary>
    /// <param name="direction">±1 for every input of every example: <see cref="Probes.Rademacher"/>.</param>
    public static double[] Exact(
        IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, Tensor direction)
    {
        using var scope = NewDisposeScope();
        using var on = enable_grad();
        var leaf = inputs.detach().requires_grad_();
        var fixedParameters = parameters.Select(parameter => parameter.detach()).ToArray();

        // One sum over examples serves them all: no example's loss depends on another's input.
        var total = loss.PerExample(network.Logits(fixedParameters, leaf), labels).sum();
        var gradient = autograd.grad([total], [leaf], retain_graph: true, create_graph: true)[0];
        var product = autograd.grad([(gradient * direction).sum()], [leaf])[0];
        return product.flatten(1).to(ScalarType.Float64).Squared().sum(1).ToDoubles();
    }
}
