using MemCluster.Golden;
using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>A golden network as the measures see it, and for dense ones the network of training itself.</summary>
internal sealed record GoldenNetwork(IDifferentiableNetwork Function, IReadOnlyList<Tensor> Parameters, Mlp? Mlp)
{
    /// <summary>Dense layers of any sizes: what an <see cref="Learning.Mlp"/> computes with other parameters in place of its own.</summary>
    public static IDifferentiableNetwork Dense { get; } = NetworkFunction.Of(new Mlp(new NetworkSettings { Depth = 0 }, DataCatalog.Glyphs, new Seeds(1), ScalarType.Float32));

    public Tensor Logits(Tensor inputs) => Function.Logits(Parameters, inputs);

    public static GoldenNetwork Of(GoldenCase network, ScalarType type = ScalarType.Float64)
    {
        var layers = network.Children("layers");
        if (layers.Any(layer => layer.Has("kind")))
        {
            var convolutional = new GoldenConvolutional(layers, type);
            return new(convolutional, convolutional.Parameters, null);
        }

        var mlp = MlpOf(layers, type);
        return new(NetworkFunction.Of(mlp), [.. mlp.Parameters.Select(parameter => parameter.Value)], mlp);
    }

    // The network of training, with the golden weights in place of its own.
    private static Mlp MlpOf(IReadOnlyList<GoldenCase> layers, ScalarType type)
    {
        var (inputs, classes) = ((int)layers[0].Shape("weight")[1], (int)layers[^1].Shape("weight")[0]);
        var card = DataCatalog.Glyphs with { Channels = 1, Height = 1, Width = inputs, Classes = classes };
        var mlp = new Mlp(layers.Count == 1 ? new NetworkSettings { Depth = 0 } : new NetworkSettings { Widths = string.Join('-', layers.SkipLast(1).Select(layer => layer.Shape("weight")[0])) }, card, new Seeds(1), type);
        using var off = no_grad();
        foreach (var (parameter, values) in mlp.Parameters.Zip(Parts(layers, type)))
        {
            Assert.Equal(parameter.Value.shape, values.shape);
            parameter.Value.copy_(values);
        }

        return mlp;
    }

    public static Tensor[] Parts(IReadOnlyList<GoldenCase> layers, ScalarType type = ScalarType.Float64) =>
        [.. layers.SelectMany(layer => new[] { layer.Tensor("weight", type), layer.Tensor("bias", type) })];
}

internal static class GoldenTensors
{
    public static Tensor Tensor(this GoldenCase item, string key, ScalarType type = ScalarType.Float64) =>
        tensor(item.Numbers(key), item.Shape(key)).to(type);

    public static Tensor Labels(this GoldenCase item) => Tensors.Indices(item.Wholes("labels"));

    public static ExampleLoss Loss(string name) => name switch
    {
        "cross_entropy" => new ExampleLoss.CrossEntropy(),
        "smoothed_log" => new ExampleLoss.SmoothedLog(),
        _ => throw new ArgumentException($"No loss is called '{name}'.", nameof(name)),
    };

    public static void Agrees(double[] expected, Tensor actual, string what, double tolerance = GoldenAssert.Float64) =>
        GoldenAssert.Agrees(expected, actual.ToDoubles(), what, tolerance);

    public static void WeightsAgree(IReadOnlyList<GoldenCase> layers, IEnumerable<Tensor> weights, double tolerance = GoldenAssert.Float64)
    {
        string[] keys = ["weight", "bias"];
        var expected = layers.SelectMany(layer => keys.Select(layer.Numbers)).ToArray();
        var actual = weights.ToArray();
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (numbers, values) in expected.Zip(actual))
        {
            Agrees(numbers, values, "final weights", tolerance);
        }
    }
}

/// <summary>The convolutional networks of the golden cases, straight from their layers.</summary>
internal sealed class GoldenConvolutional : IDifferentiableNetwork
{
    private readonly List<Func<Tensor, Queue<Tensor>, Tensor>> _layers = [];

    public GoldenConvolutional(IReadOnlyList<GoldenCase> layers, ScalarType type)
    {
        foreach (var layer in layers)
        {
            _layers.Add(Make(layer, type));
            Parameters.AddRange(layer.Has("weight") ? GoldenNetwork.Parts([layer], type) : []);
        }
    }

    public List<Tensor> Parameters { get; } = [];

    public Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor inputs)
    {
        var queue = new Queue<Tensor>(parameters);
        return _layers.Aggregate(inputs, (x, layer) => layer(x, queue));
    }

    private static Func<Tensor, Queue<Tensor>, Tensor> Make(GoldenCase layer, ScalarType type)
    {
        switch (layer.Text("kind"))
        {
            case "crop":
                var side = layer.Whole("each_side");
                return (x, _) => x.narrow(2, side, x.shape[2] - 2 * side).narrow(3, side, x.shape[3] - 2 * side);
            case "conv2d":
                var (stride, padding) = (layer.Whole("stride"), layer.Whole("padding"));
                return (x, own) => nn.functional.conv2d(x, own.Dequeue(), own.Dequeue(), [stride, stride], [padding, padding]);
            case "batch_norm":
                var (mean, variance, eps) = (layer.Tensor("running_mean", type), layer.Tensor("running_var", type), layer.Number("eps"));
                return (x, own) => nn.functional.batch_norm(x, mean, variance, own.Dequeue(), own.Dequeue(), training: false, eps: eps);
            case "relu":
                return (x, _) => x.relu();
            case "max_pool2d":
                var (kernel, step, ceil) = (layer.Whole("kernel"), layer.Whole("stride"), layer.Flag("ceil_mode"));
                return (x, _) => nn.functional.max_pool2d(x, [kernel, kernel], [step, step], [0, 0], ceil_mode: ceil);
            case "flatten":
                return (x, _) => x.flatten(1);
            case "dense":
                return (x, own) => nn.functional.linear(x, own.Dequeue(), own.Dequeue());
            case var other:
                throw new ArgumentException($"No layer is called '{other}'.", nameof(layer));
        }
    }
}
