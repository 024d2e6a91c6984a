using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>What is trained, and by what: each of them made once for a trial.</summary>
/// <param name="Regularizers">They act on the network's pass, and through the optimizer on the gradient.</param>
internal sealed record Learner(INetwork Network, IReadOnlyList<IRegularizer> Regularizers, IOptimizer Optimizer)
{
    /// <summary>As the settings ask.</summary>
    /// <param name="pixelUnits">How much of the inputs one pixel unit is; null: they are pixels.</param>
    public static Learner Of(TrialSettings settings, INetwork network, Tensor? pixelUnits)
    {
        var regularizers = RegularizerKinds.From(settings.Regularizer, pixelUnits);
        return new(network, regularizers, settings.Training.Optimizer is { IsAdam: true } adam
            ? new Adam(network.Parameters, adam, regularizers)
            : new Sgd(network.Parameters, settings.Training.Momentum, regularizers, settings.Training.Nesterov));
    }
}
