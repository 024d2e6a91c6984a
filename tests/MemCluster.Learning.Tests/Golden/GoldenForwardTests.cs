using MemCluster.Golden;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class GoldenForwardTests
{
    [GoldenTheory]
    [GoldenCases("forward")]
    public void Forward_passes_agree(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("forward", name);
        var (expected, inputs, labels) = (given.Expected, given.Tensor("inputs"), given.Labels());
        var network = GoldenNetwork.Of(given.Child("network"));
        var logits = network.Logits(inputs);
        var scores = LogitScores.Of(logits, labels);
        GoldenTensors.Agrees(expected.Numbers("logits"), logits, "logits");
        GoldenTensors.Agrees(expected.Numbers("probabilities"), logits.softmax(1), "probabilities");
        Assert.Equal(expected.Wholes("predicted"), logits.argmax(1).ToInts());
        GoldenAssert.Agrees(expected.Numbers("cross_entropy"), scores.CrossEntropy, "cross-entropy");
        GoldenTensors.Agrees(expected.Numbers("cross_entropy"), new ExampleLoss.CrossEntropy().PerExample(logits, labels), "cross-entropy");
        GoldenTensors.Agrees(expected.Numbers("smoothed_log_loss"), new ExampleLoss.SmoothedLog().PerExample(logits, labels), "smoothed log");
        GoldenAssert.Agrees(expected.Number("mean_cross_entropy"), scores.CrossEntropy.Average(), "mean cross-entropy");
        GoldenAssert.Agrees(expected.Number("accuracy"), scores.Correct.Average(right => right ? 1.0 : 0), "accuracy");

        // The network of training itself, not only the function that the measures see.
        if (network.Mlp is { } mlp)
        {
            var scored = Scoring.Of(mlp, new TensorData(inputs, labels), CancellationToken.None);
            GoldenTensors.Agrees(expected.Numbers("logits"), mlp.Forward(inputs, ForwardPass.Scoring), "logits in training");
            GoldenAssert.Agrees(expected.Numbers("cross_entropy"), scored.Losses, "cross-entropy in training");
            Assert.Equal(expected.Wholes("predicted"), scored.Predictions);
        }
    }

    [GoldenTheory]
    [GoldenCases("input-gradient")]
    public void Input_gradients_agree(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("input-gradient", name);
        var (inputs, labels) = (given.Tensor("inputs"), given.Labels());
        var network = GoldenNetwork.Of(given.Child("network"));
        foreach (var loss in new[] { "cross_entropy", "smoothed_log" })
        {
            var expected = given.Expected.Child(loss);
            var norms = InputGradients.Of(network.Function, GoldenTensors.Loss(loss), network.Parameters, inputs, labels);
            var gradient = InputGradients.Gradient(network.Function, GoldenTensors.Loss(loss), network.Parameters, inputs, labels);
            GoldenTensors.Agrees(expected.Numbers("gradient"), gradient, "gradient");
            GoldenAssert.Agrees(expected.Numbers("l1"), norms.L1, "l1");
            GoldenAssert.Agrees(expected.Numbers("l2"), norms.L2, "l2");
            GoldenAssert.Agrees(expected.Numbers("linf"), norms.Max, "linf");
            GoldenAssert.Agrees(expected.Numbers("mean_abs"), norms.MeanAbsolute, "mean abs");
        }
    }
}
