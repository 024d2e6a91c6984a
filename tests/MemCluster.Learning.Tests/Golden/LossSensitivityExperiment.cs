using System.Diagnostics;
using MemCluster.Messages;
using MemCluster.Statistics;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>
/// The Gini coefficient of the unrolled loss-sensitivity as published (Arpit et al. 2017, figure 3 left, with the settings of the script behind
/// it), small, against what independent PyTorch loops gave. Half a minute of a core each: run it with <c>--filter Category=Experiment</c>.
/// </summary>
[Trait("Category", "Experiment")]
public sealed class LossSensitivityExperiment(ITestOutputHelper output)
{
    [RealDataFact("mnist")]
    public void Real_images_matter_unevenly() => Check(real: true, ScalarType.Float64, 0.16, 0.36);

    [RealDataFact("mnist")]
    public void Random_images_matter_evenly() => Check(real: false, ScalarType.Float64, 0.10, 0.16);

    [RealDataFact("mnist")]
    public void Single_precision_sees_the_same() => Check(real: true, ScalarType.Float32, 0.16, 0.36);

    // The independent runs gave .284, .304, .193 (real) and .129, .135, .128 (random).
    private void Check(bool real, ScalarType type, double low, double high)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var run = Run(real, type, steps: 5_000);
        var clock = Stopwatch.StartNew();
        var gini = Gini.Of(LossSensitivity.Of(run, new LossSensitivityConstants()).Mean);
        output.WriteLine(FormattableString.Invariant(
            $"{(real ? "real" : "random")} {type}: Gini {gini:F4} at T = {run.Steps}, 50 losses, {clock.Elapsed.TotalSeconds:F1} s"));
        Assert.InRange(gini, low, high);
    }

    // The first 1,000 images pooled to 14 × 14, two hidden layers of 32, Glorot's initialization.
    private static UnrolledRun Run(bool real, ScalarType type, int steps)
    {
        const int examples = 1_000;
        var seeds = new Seeds(1);
        var set = new DataSource(RealData.Folder).Load(new DataSettings { Name = "mnist", Train = examples, Validation = 10 });
        var images = real
            ? nn.functional.avg_pool2d(tensor(set.Train.Pixels.ToArray().Select(pixel => pixel / 255f).ToArray(), [examples, 1, 28, 28]), 2).flatten(1)
            : tensor(Enumerable.Repeat(seeds.Generator("test-images"), examples * 196).Select(draws => draws.NextSingle()).ToArray(), [examples, 196]);
        Tensor[] initial = [.. new[] { (196, 32), (32, 32), (32, 10) }.SelectMany((sizes, layer) => new[]
        {
            (2 * Uniform(layer, sizes) - 1) * Math.Sqrt(6.0 / (sizes.Item1 + sizes.Item2)), zeros(sizes.Item2, dtype: type),
        })];
        return new(
            GoldenNetwork.Dense, new ExampleLoss.SmoothedLog(), initial, images.to(type), Tensors.Indices(set.Train.Labels.ToArray().Select(label => (int)label)),
            UnrolledRuns.DrawMinibatches(seeds, steps, 32, examples), 0.05);

        Tensor Uniform(int layer, (int From, int To) sizes)
        {
            var draws = seeds.Generator("test-weights", layer);
            return tensor(Enumerable.Range(0, sizes.From * sizes.To).Select(_ => draws.NextDouble()).ToArray(), [sizes.To, sizes.From]).to(type);
        }
    }
}
