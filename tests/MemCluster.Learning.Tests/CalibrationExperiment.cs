using MemCluster.Messages;
using Xunit.Abstractions;

namespace MemCluster.Learning.Tests;

/// <summary>
/// Real training against what independent PyTorch loops gave for the same settings. Minutes long, so not among the default tests:
/// run it with <c>--filter Category=Experiment</c>.
/// </summary>
[Trait("Category", "Experiment")]
public sealed class CalibrationExperiment(ITestOutputHelper output)
{
    [RealDataFact("mnist")]
    public void Label_noise_on_mnist_gives_the_accuracies_of_independent_runs()
    {
        foreach (var (level, best, slack) in new[] { (0, 0.940, 0.015), (0.2, 0.915, 0.02), (0.4, 0.888, 0.03), (0.8, 0.75, 0.07) })
        {
            var outcome = Train(512, level);
            var (top, last) = (outcome.Measures[MeasureNames.ValidationAccuracyBest], outcome.Measures[MeasureNames.ValidationAccuracyLast]);
            Assert.InRange(top, best - slack, best + slack);
            Assert.InRange(top - last, level == 0 ? 0 : 0.05, level == 0 ? 0.02 : 1);
            Assert.True(outcome.Measures.ContainsKey(MeasureNames.ConvergenceEpoch));
        }

        Assert.False(Train(32, 0.2).Measures.ContainsKey(MeasureNames.ConvergenceEpoch));
    }

    private TrialOutcome Train(int width, double level)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (outcome, _) = Trials.Run(new TrialSettings
        {
            Data = new() { Name = "mnist", Train = 5_000, Validation = 5_000 },
            Network = new() { Depth = 2, Width = width },
            Training = new() { Epochs = 100, Batch = 128, Rate = 0.05, Momentum = 0.9, StopAtTrainAccuracy = 1 },
            Noise = level == 0 ? Noise.None : new Noise(Noise.Label, level),
        });
        output.WriteLine(FormattableString.Invariant(
            $"width {width} label {level}: {outcome.Epochs} epochs, {clock.Elapsed.TotalSeconds:F1} s, {string.Join(' ', outcome.Measures)}"));
        return outcome;
    }
}
