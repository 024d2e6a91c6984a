using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Fully connected layers with ReLU between them; depth 0 is softmax regression. Parameters: weight 1, bias 1, weight 2, …, each weight outputs × inputs.</summary>
internal sealed class Mlp : INetwork
{
    private readonly List<(Parameter Weight, Parameter Bias)> _layers = [];

    public Mlp(NetworkSettings settings, DataSetCard card, Seeds seeds, ScalarType type)
    {
        long inputs = card.Pixels;
        foreach (var (layer, width) in settings.HiddenWidths().Index())
        {
            Add($"hidden.{layer}", inputs, width);
            inputs = width;
        }

        // Named for its role, not its place: networks of other depths start from the same output layer.
        Add("output", inputs, card.Classes);

        void Add(string name, long from, long to) => _layers.Add(settings.Init == NetworkSettings.GlorotInit
            ? (Parameter.Glorot(name + ".weight", from, to, seeds, type), Parameter.Constant(name + ".bias", zeros(to, dtype: type, device: ComputeDevice.Torch)))
            : (Parameter.Uniform(name + ".weight", [to, from], from, isBias: false, seeds, type), Parameter.Uniform(name + ".bias", [to], from, isBias: true, seeds, type)));
    }

    /// <summary>Of Linear, ReLU, Linear, ReLU, …, Linear, on images that are flattened before.</summary>
    public IReadOnlyList<string> TensorNames => [.. Enumerable.Range(0, _layers.Count).SelectMany(layer => new[] { $"{2 * layer}.weight", $"{2 * layer}.bias" })];

    public IReadOnlyList<Parameter> Parameters => [.. _layers.SelectMany(layer => new[] { layer.Weight, layer.Bias })];

    public Tensor Forward(IReadOnlyList<Tensor> parameters, Tensor images, ForwardPass pass)
    {
        var x = pass.Input(images.flatten(1));
        for (var i = 0; i < parameters.Count - 2; i += 2)
        {
            x = pass.Seen(pass.Hidden(nn.functional.linear(x, parameters[i], parameters[i + 1]).relu_(), i / 2));
        }

        return nn.functional.linear(x, parameters[^2], parameters[^1]);
    }
}
