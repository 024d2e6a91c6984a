using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// What is known of the shipped sweep: best validation accuracy at 512 units of independent loops with PyTorch's default initialization,
/// eleven seeds in all, was .939–.943 without noise and .911–.920, .885–.897, .723–.782 at label noise .2, .4, .8.
/// </summary>
[Trait("Category", "Experiment")]
[Collection(Alone.Name)]
public sealed class NoiseByCapacityExperiment(ITestOutputHelper output)
{
    [RealMnistFact]
    public async Task Noise_by_capacity_on_MNIST_falls_into_the_bands_of_independent_loops()
    {
        using var here = new Workplace().WithRealData();
        var ended = await here.Start("run", Executables.Spec("noise-by-capacity.yaml"), "--set", "axes.regularizer=none", "--set", "seeds=1").Ends(TimeSpan.FromMinutes(60));
        output.WriteLine(ended.Output);
        Assert.True(ended.Code == 0, ended.All);
        var rows = here.Results("noise-by-capacity").TrialRows;
        Row Of(string noise, string capacity) => rows.Single(row => row["noise"] == noise && row["capacity"] == capacity);

        Assert.Equal(15, rows.Count);
        foreach (var (noise, best, width) in (ReadOnlySpan<(string, double, double)>)
                 [("none", 0.940, 0.015), ("label 0.2", 0.915, 0.02), ("label 0.4", 0.888, 0.03), ("label 0.8", 0.75, 0.07)])
        {
            Assert.InRange(Of(noise, "512").Number("validation_accuracy_best"), best - width, best + width);
        }

        foreach (var row in rows.Where(row => row["noise"].StartsWith("label", StringComparison.Ordinal)))
        {
            var gap = row.Number("validation_accuracy_best") - row.Number("validation_accuracy_last");
            Assert.True(gap >= 0.05, $"{row["noise"]} at {row["capacity"]} units: last only {gap:0.000} below best");
        }

        foreach (var row in rows.Where(row => row["noise"] == "none"))
        {
            Assert.InRange(row.Number("validation_accuracy_best") - row.Number("validation_accuracy_last"), 0, 0.02);
        }

        foreach (var noise in (string[])["label 0.2", "label 0.4", "label 0.8"])
        {
            Assert.Equal("", Of(noise, "32")["convergence_epoch"]);
            Assert.NotEqual("", Of(noise, "512")["convergence_epoch"]);
        }
    }
}
