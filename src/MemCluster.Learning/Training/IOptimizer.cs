using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Turns the gradients that <c>backward</c> left into a step.</summary>
internal interface IOptimizer
{
    /// <summary>What it remembers from step to step, in a fixed order: a checkpoint keeps it.</summary>
    IReadOnlyList<Tensor> State { get; }

    /// <summary>Uses the gradients up.</summary>
    void Step(double rate);
}

internal static class Optimizers
{
    /// <summary>As the settings ask.</summary>
    public static IOptimizer Of(TrialSettings settings, INetwork network)
    {
        var regularizers = RegularizerKinds.From(settings.Regularizer);
        return settings.Training.Optimizer is { Kind: Optimizer.AdamKind } adam
            ? new Adam(network.Parameters, adam, regularizers)
            : new Sgd(network.Parameters, settings.Training.Momentum, regularizers, settings.Training.Nesterov);
    }

    /// <summary>A parameter's gradient with what the regularizers add to it. Taken, not zeroed: backward then hands over its buffer instead of adding to this one.</summary>
    public static Tensor TakeGradient(Parameter parameter, IReadOnlyList<IRegularizer> regularizers)
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
