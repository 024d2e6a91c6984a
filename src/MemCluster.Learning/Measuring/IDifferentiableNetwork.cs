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
    /// <summary>
    /// As it was in training: a batch is normalized by itself, so that an example's logits depend on the others of its minibatch. For going through
    /// the updates again; regularizers are no part of it.
    /// </summary>
    public static IDifferentiableNetwork InTraining(INetwork network) => network is Cnn cnn ? new CnnInTraining(cnn) : Of(network);

    /// <summary>In eval mode.</summary>
    public static IDifferentiableNetwork Of(INetwork network) => network switch
    {
        Mlp => DenseNetwork.Instance,
        IDifferentiableNetwork function => function,
        _ => throw new NotSupportedException($"There is no function for a {network.GetType().Name} yet. Write one beside DenseNetwork and name it here."),
    };

    private sealed record CnnInTraining(Cnn Network) : IDifferentiableNetwork
    {
        public Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor inputs) => Network.Forward(parameters, inputs, ForwardPass.Again);
    }
}
