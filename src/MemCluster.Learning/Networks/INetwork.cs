using TorchSharp;

namespace MemCluster.Learning;

/// <summary>
/// A network is one small file: its parameters, and what it makes of a batch. It holds no mode and draws no number; whatever differs between
/// training and scoring comes through the pass.
/// </summary>
internal interface INetwork
{
    /// <summary>In a fixed order: the digest of the weights runs over them.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>
    /// What it remembers from step to step besides its parameters, such as running means, in a fixed order: a checkpoint keeps it, and the digest
    /// of the weights runs over it too.
    /// </summary>
    IReadOnlyList<torch.Tensor> Buffers => [];

    /// <summary>
    /// Of the parameters, then of the buffers: what torch calls them in an nn.Sequential of the same layers, ReLU, pooling and flattening between them
    /// counted, dropout not; so a state_dict with these names loads there.
    /// </summary>
    IReadOnlyList<string> TensorNames => [];

    /// <summary>Class scores (logits), batch × classes, of images, batch × channels × height × width, with other parameters in place of its own.</summary>
    /// <param name="parameters">In the order of <see cref="Parameters"/>; any autograd leaf may stand for one.</param>
    torch.Tensor Forward(IReadOnlyList<torch.Tensor> parameters, torch.Tensor images, ForwardPass pass);
}

internal static class Networks
{
    /// <summary>Class scores by its own parameters.</summary>
    public static torch.Tensor Forward(this INetwork network, torch.Tensor images, ForwardPass pass) =>
        network.Forward([.. network.Parameters.Select(parameter => parameter.Value)], images, pass);
}

/// <param name="Name">Keys the initial values: networks that share a name and a shape share the values.</param>
/// <param name="IsBias">Biases, and what batch normalization learns, are spared by weight decay unless it is on all.</param>
internal sealed record Parameter(string Name, torch.Tensor Value, bool IsBias)
{
    /// <summary>What begins the same in every trial, and is spared by weight decay.</summary>
    public static Parameter Constant(string name, torch.Tensor value) => new(name, value.requires_grad_(), IsBias: true);

    /// <summary>Torch's own default for linear and convolution layers, U(−1/√fan-in, 1/√fan-in), weights and biases alike.</summary>
    public static Parameter Uniform(string name, long[] shape, long fanIn, bool isBias, Seeds seeds, torch.ScalarType type) =>
        Within(1 / Math.Sqrt(fanIn), name, shape, isBias, seeds, type);

    /// <summary>Weights of a dense layer, to × from, by Glorot and Bengio 2010: U(±√(6/(from + to))).</summary>
    public static Parameter Glorot(string name, long from, long to, Seeds seeds, torch.ScalarType type) =>
        Within(Math.Sqrt(6.0 / (from + to)), name, [to, from], isBias: false, seeds, type);

    private static Parameter Within(double bound, string name, long[] shape, bool isBias, Seeds seeds, torch.ScalarType type)
    {
        var draws = seeds.Generator(Seeds.Weights(name));
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = bound * (2 * draws.NextDouble() - 1);
        }

        using var drawn = torch.tensor(values, shape);
        return new Parameter(name, drawn.to(type, ComputeDevice.Torch, copy: true).requires_grad_(), isBias);
    }
}
