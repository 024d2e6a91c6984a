using MemCluster.Golden;
using MemCluster.Statistics;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class GoldenSensitivityTests
{
    [GoldenTheory]
    [GoldenCases("unrolled-sensitivity")]
    public void Unrolled_loss_sensitivity_agrees(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("unrolled-sensitivity", name);
        var (expected, times) = (given.Expected, given.Wholes("evaluation_times"));
        var constants = new LossSensitivityConstants
        {
            FullSet = given.Text("evaluation_loss_over") == "full_set",
            KeepDirect = given.Flag("direct_term_kept"),
            ColumnsAtOnce = 4,
        };
        foreach (var plain in new[] { false, true })
        {
            var run = Run(given, plain);
            var actual = LossSensitivity.Of(run, constants, times);
            GoldenAssert.Agrees(expected.Numbers("loss_at_t"), actual.Losses, "losses");
            GoldenAssert.Agrees(expected.Numbers("g"), actual.ByTime.SelectMany(row => row), "g");
            foreach (var (key, gini, values) in new[]
            {
                ("gbar", "gini", actual.Mean), ("gbar_l2", "gini_l2", actual.MeanL2), ("gbar_linf", "gini_linf", actual.MeanMax),
            })
            {
                GoldenAssert.Agrees(expected.Numbers(key), values, key);
                GoldenAssert.Agrees(expected.Number(gini), Gini.Of(values), gini);
            }

            var last = times[^1];
            var evaluated = constants.FullSet ? Enumerable.Range(0, run.Examples).ToArray() : run.Minibatches[last];
            ReverseSweep.Run(run, [LossColumn.Mean(last, evaluated)], constants.KeepDirect, 1, swept =>
                GoldenTensors.Agrees(expected.Numbers("signed_derivative_at_last_time"), swept.Derivatives.squeeze(1), "signed derivative"));
            GoldenTensors.WeightsAgree(expected.Children("final_weights"), run.WeightsAfter(run.Steps));
        }
    }

    [GoldenTheory]
    [GoldenCases("class-sensitivity")]
    public void Class_sensitivity_agrees(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("class-sensitivity", name);
        var expected = given.Expected;
        var constants = new ClassSensitivityConstants(given.Flag("direct_term_kept"), ColumnsAtOnce: 20);
        var classes = (int)given.Child("network").Children("layers")[^1].Shape("weight")[0];
        foreach (var plain in new[] { false, true })
        {
            var actual = ClassSensitivity.Of(Run(given, plain), classes, expected.Wholes("times"), given.Wholes("loss_examples"), constants);
            Assert.Equal(expected.Wholes("pairs"), actual.Pairs.SelectMany(row => row));
            GoldenAssert.Agrees(expected.Numbers("per_example_matrix"), actual.PerExample.SelectMany(matrix => matrix.SelectMany(row => row)), "per example");
            if (expected.Has("class_sum_matrix"))
            {
                var summary = ClassMatrix.Summarize(actual.PerExample[^1]);
                var last = expected.Child("statistics_of_last_time");
                GoldenAssert.Agrees(expected.Numbers("class_sum_matrix"), actual.ClassSum.SelectMany(matrix => matrix.SelectMany(row => row)), "class sums");
                GoldenAssert.Agrees(expected.Numbers("per_example_matrix_mean_over_times"), actual.PerExampleMean.SelectMany(row => row), "mean over times");
                GoldenAssert.Agrees(last.Number("mean_diagonal"), summary.MeanDiagonal, "mean diagonal");
                GoldenAssert.Agrees(last.Number("mean_off_diagonal"), summary.MeanOff, "mean off diagonal");
                GoldenAssert.Agrees(last.Number("diagonal_to_off_ratio"), summary.DiagonalToOff, "ratio");
                GoldenAssert.Agrees(last.Number("off_diagonal_share"), summary.OffShare, "share");
                GoldenAssert.Agrees(last.Number("sd_log10_off_diagonal_population"), summary.LogDeviation, "unevenness");
                GoldenAssert.Agrees(last.Number("sd_log10_off_diagonal_sample"), summary.SampleLogDeviation, "unevenness, n − 1");
            }
        }
    }

    /// <param name="plain">Whether to hide that the network is dense, so that its columns go one by one.</param>
    private static UnrolledRun Run(GoldenCase given, bool plain)
    {
        var network = GoldenNetwork.Of(given.Child("network"));
        return new(
            plain ? new AnyNetwork(network.Function) : network.Function, GoldenTensors.Loss(given.Text("loss")), network.Parameters,
            given.Tensor("inputs"), given.Labels(), [.. given.Rows("minibatches").Select(row => Array.ConvertAll(row, example => (int)example))],
            given.Number("learning_rate"));
    }
}
