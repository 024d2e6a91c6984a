using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Turns the gradients that <c>backward</c> left into a step.</summary>
internal interface IOptimizer
{
    /// <summary>What it remembers from step to step, in a fixed order: a checkpoint keeps it.</summary>
    IReadOnlyList<Tensor> State { get; }

    /// <summary>Uses the gradients up.</summary>
    void Step(double rate);

    /// <summary>A parameter's gradient with what the regularizers add to it. Taken, not zeroed: backward then hands over its buffer instead of adding to this one.</summary>
    internal static Tensor TakeGradient(Parameter parameter, IReadOnlyList<IRegularizer> regularizers)
    {
        var gradient = parameter.Value.grad ?? throw new InvalidOperationException($"{parameter.Name} took no part in the loss.");
        foreach (var regularizer in regularizers)
        {
            regularizer.Gradient(parameter, gradient);
        }

        parameter.Value.grad = null;
        return gradient;
    }
}
