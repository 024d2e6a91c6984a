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

/// <summary>A network of training as a function. Regularizers are no part of it.</summary>
internal sealed record NetworkFunction(INetwork Network, ForwardPass Pass) : IDifferentiableNetwork
{
    /// <summary>In eval mode.</summary>
    public static NetworkFunction Of(INetwork network) => new(network, ForwardPass.Scoring);

    /// <summary>
    /// As it was in training: a batch is normalized by itself, so that an example's logits depend on the others of its minibatch. For going through
    /// the updates again.
    /// </summary>
    public static NetworkFunction InTraining(INetwork network) => new(network, ForwardPass.Again);

    public Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor inputs) => Network.Forward(parameters, inputs, Pass);
}
