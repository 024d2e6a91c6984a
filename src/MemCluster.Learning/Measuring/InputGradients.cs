using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Norms per example of the derivative of its own loss in its own input, at fixed weights. Cheap, and often called loss-sensitivity; not the
/// paper's, which runs through training (<see cref="LossSensitivity"/>).
/// </summary>
/// <param name="L1">Sum of absolute values over the input.</param>
/// <param name="Max">Largest absolute value.</param>
/// <param name="MeanAbsolute">L1 over the number of inputs.</param>
public sealed record InputGradients(double[] L1, double[] L2, double[] Max, double[] MeanAbsolute)
{
    public static InputGradients Of(IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return Norms(Gradient(network, loss, parameters, inputs, labels));
    }

    /// <summary>Row i is d loss_i / d x_i, not divided by the number of examples; of the inputs' shape.</summary>
    public static Tensor Gradient(IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var on = enable_grad();
        var leaf = inputs.detach().requires_grad_();
        var fixedParameters = parameters.Select(parameter => parameter.detach()).ToArray();
        return autograd.grad([loss.PerExample(network.Logits(fixedParameters, leaf), labels).sum()], [leaf])[0].MoveToOuterDisposeScope();
    }

    internal static InputGradients Norms(Tensor gradient)
    {
        var flat = gradient.flatten(1).to(ScalarType.Float64);
        var absolute = flat.abs();
        var l1 = absolute.sum(1);
        return new(l1.ToDoubles(), flat.Squared().sum(1).ToRoots(), absolute.amax([1]).ToDoubles(), l1.Over(flat.shape[1]).ToDoubles());
    }
}
