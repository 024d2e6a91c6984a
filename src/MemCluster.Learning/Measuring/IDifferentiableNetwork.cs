using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// A network as a function of its parameters: what the measures differentiate. Eval mode; no state, no draws, nothing in place. Then the weights
/// may be those of any moment of training, and any autograd leaf may stand for them.
/// </summary>
public interface IDifferentiableNetwork
{
    /// <summary>Class scores (logits), examples × classes.</summary>
    /// <param name="parameters">In the order in which the network lists them.</param>
    /// <param name="inputs">Examples first; of the parameters' type.</param>
    Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor inputs);
}

/// <summary>The networks of training as functions.</summary>
internal static class DifferentiableNetworks
{
    public static IDifferentiableNetwork Of(INetwork network) => network switch
    {
        Mlp => DenseNetwork.Instance,
        _ => throw new NotSupportedException($"There is no function for a {network.GetType().Name} yet. Write one beside DenseNetwork and name it here."),
    };
}
