using System.Reflection;
using System.Text.Json;
using MemCluster.Golden;
using MemCluster.Messages;
using Xunit.Sdk;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>
/// A golden case of this repository's own: the network of training with given weights, and what must come out of the measures. Made by the scripts
/// beside the files, which know of no torch; so that what computes a convolution here can change and be held to numbers that it had no part in.
/// </summary>
internal sealed record CnnCase(GoldenCase Given, ScalarType Type)
{
    /// <summary>Relative to the largest magnitude of an array. The differences behind the cases agree with a second way of computing to 1e-10.</summary>
    public double Tolerance => Type == ScalarType.Float64 ? GoldenAssert.Float64 : GoldenAssert.Float32 * Rounding;

    /// <summary>How much further than usual single precision may be off.</summary>
    public double Rounding { get; init; } = 1;

    public static IReadOnlyDictionary<string, GoldenCase> All { get; } = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Golden", "Cases"), "*.json")
        .Select(file => new GoldenCase(Path.GetFileNameWithoutExtension(file), JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file))))
        .ToDictionary(item => item.Name);

    public Cnn Network { get; } = Make(Given, Type);

    public Tensor Inputs { get; } = Given.Tensor("inputs", Type);

    public Tensor Labels { get; } = Given.Labels();

    /// <summary>The network's own, so that training moves them.</summary>
    public IDifferentiableNetwork Function => NetworkFunction.Of(Network);

    public IReadOnlyList<Tensor> Parameters => [.. Network.Parameters.Select(parameter => parameter.Value)];

    public static CnnCase Of(string name, ScalarType type) => new(All[name], type);

    public static IEnumerable<string> Parts(GoldenCase given) => given.Expected.Json.EnumerateObject().Select(part => part.Name);

    public static int[][] Minibatches(GoldenCase part) => [.. part.Rows("minibatches").Select(row => Array.ConvertAll(row, example => (int)example))];

    /// <summary>The case's few numbers over and over, row by row: noise and directions are too many to write down.</summary>
    public Tensor Repeated(string key, params long[] shape)
    {
        var values = Given.Numbers(key);
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return tensor([.. Enumerable.Range(0, (int)count).Select(i => values[i % values.Length])], shape).to(Type);
    }

    /// <summary>The search's constants and its noise, by the images that it starts from.</summary>
    public (LassConstants Constants, Func<Tensor, Func<int, Tensor>> Noise) Search(GoldenCase part)
    {
        var constants = GoldenLassTests.Constants(part);
        return (constants, images => iteration => Repeated("noise", [constants.MaxIterations, .. images.shape])[iteration - 1]);
    }

    public void TensorAgrees(GoldenCase expected, string key, Tensor actual) => Agrees(expected, key, actual.ToDoubles());

    public void Agrees(GoldenCase expected, string key, IEnumerable<double> actual) =>
        GoldenAssert.Agrees(expected.Numbers(key), actual, $"{expected.Name}/{key}", Tolerance);

    public void StatisticsAgree(GoldenCase expected, string key)
    {
        var (all, at) = (expected.Numbers(key), 0);
        foreach (var buffer in Network.Buffers)
        {
            var values = buffer.ToDoubles();
            GoldenAssert.Agrees(all[at..(at += values.Length)], values, $"{expected.Name}/{key}", Tolerance);
        }

        Assert.Equal(all.Length, at);
    }

    /// <param name="flat">As long as all parameters together.</param>
    public List<Tensor> LikeParameters(Tensor flat)
    {
        var (parts, at) = (new List<Tensor>(), 0L);
        foreach (var parameter in Parameters)
        {
            parts.Add(flat.narrow(0, at, parameter.numel()).view(parameter.shape));
            at += parameter.numel();
        }

        return parts;
    }

    private static Cnn Make(GoldenCase given, ScalarType type)
    {
        var (settings, images, units) = (given.Child("settings"), given.Shape("inputs"), given.Child("settings").Wholes("units"));
        var multiplier = units[0] / 384.0;
        Assert.Equal(192 * multiplier, units[1]);
        var network = new NetworkSettings
        {
            Kind = NetworkSettings.Cnn,
            Filters = (int)(settings.Whole("filters") / multiplier),
            Multiplier = multiplier,
            Padding = settings.Text("padding"),
            PoolStride = settings.Whole("pool_stride"),
            BatchNorm = settings.Flag("batch_norm"),
        };
        var card = DataCatalog.Glyphs with { Channels = (int)images[1], Height = (int)images[2], Width = (int)images[3], Classes = settings.Whole("classes") };
        var cnn = (Cnn)NetworkKinds.Create(network, card, new Seeds(1), type);
        var parameters = given.Children("parameters");
        Assert.Equal(parameters.Select(parameter => parameter.Text("name")), cnn.Parameters.Select(parameter => parameter.Name));
        using var off = no_grad();
        foreach (var (parameter, values) in cnn.Parameters.Zip(parameters))
        {
            Assert.Equal(values.Shape("values"), parameter.Value.shape);
            parameter.Value.copy_(values.Tensor("values", type));
        }

        var (statistics, at) = (given.Numbers("statistics"), 0);
        foreach (var buffer in cnn.Buffers)
        {
            buffer.copy_(tensor(statistics[at..(at += (int)buffer.numel())]));
        }

        Assert.Equal(statistics.Length, at);
        return cnn;
    }
}

/// <summary>The names of all cases that have this part, in double and in single precision.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CnnCasesAttribute(string part) : DataAttribute
{
    public string Part { get; } = part;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => CnnCase.All.Values
        .Where(given => CnnCase.Parts(given).Contains(Part))
        .OrderBy(given => given.Name, StringComparer.Ordinal)
        .SelectMany(given => new[] { ScalarType.Float64, ScalarType.Float32 }.Select(type => new object[] { given.Name, type }));
}
