using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>What the released code of Garg et al. 2023 computes: a difference of two gradients where <see cref="InputCurvature"/> has the exact Hessian.</summary>
internal static class CurvatureByDifferences
{
    /// <summary>The norm ‖∇l(x + hv) − ∇l(x)‖ per example. Its square over h² estimates <see cref="InputCurvature.Exact"/>.</summary>
    /// <remarks>The released code averages this norm as it is, neither squared nor divided by h.</remarks>
    public static double[] Norms(
        IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, Tensor direction, double step)
    {
        using var scope = NewDisposeScope();
        var moved = inputs.detach().Plus(direction, step);
        return InputGradients.Norms(
            InputGradients.Gradient(network, loss, parameters, moved, labels) - InputGradients.Gradient(network, loss, parameters, inputs, labels)).L2;
    }
}
