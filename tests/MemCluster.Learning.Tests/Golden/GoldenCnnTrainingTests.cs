using MemCluster.Golden;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>Training of the convolutional network, and the measures that go through it.</summary>
public sealed class GoldenCnnTrainingTests
{
    [Theory]
    [CnnCases("unrolled")]
    public void Sensitivities_through_a_cnns_training_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        var (part, modes) = (its.Given.Expected.Child("unrolled"), 0);
        foreach (var (mode, network) in new[]
        {
            ("training", NetworkFunction.InTraining(its.Network)), ("evaluation", NetworkFunction.Of(its.Network)),
        })
        {
            if (part.Has(mode))
            {
                modes++;

                // Three examples that are normalized by each other can lie close, and the derivative of one over their deviation is large.
                LossesAgree(mode == "training" ? its with { Rounding = 10 } : its, part.Child(mode), part.Wholes("evaluation_times"), Run(its, part, network));
            }
        }

        Assert.NotEqual(0, modes);
        if (part.Has("class_sensitivity"))
        {
            ClassesAgree(its, part.Child("class_sensitivity"), Run(its, part, NetworkFunction.Of(its.Network)));
        }
    }

    [Theory]
    [CnnCases("trajectory")]
    public void Trainings_of_a_cnn_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        var part = its.Given.Expected.Child("trajectory");
        Train(its, part, [new WeightDecay(part.Number("weight_decay"), OnBiases: false)]);
    }

    [Theory]
    [CnnCases("adversarial")]
    public void Adversarial_trainings_of_a_cnn_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        var (part, found) = (its.Given.Expected.Child("adversarial"), new List<int>());
        var (constants, noise) = its.Search(part.Child("adversarial"));
        var regularizer = new Adversarial(part.Child("adversarial").Number("weight"), constants)
        {
            Noise = (images, _) =>
            {
                // What the search that now follows finds.
                using var same = Lass.Search(NetworkFunction.Of(its.Network), its.Parameters, images, constants, noise(images));
                found.AddRange(same.SuccessIteration);
                return noise(images);
            },
        };
        Train(its, part, [regularizer]);
        Assert.Equal(part.Wholes("success_iteration_per_step"), found);
    }

    private static UnrolledRun Run(CnnCase its, GoldenCase part, IDifferentiableNetwork network) => new(
        network, GoldenTensors.Loss(part.Text("loss")), its.Parameters, its.Inputs, its.Labels, CnnCase.Minibatches(part), part.Number("learning_rate"));

    private static void LossesAgree(CnnCase its, GoldenCase part, int[] times, UnrolledRun run)
    {
        foreach (var (over, direct) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            var losses = part.Child(over ? "full_set" : "minibatch_at_t");
            var expected = losses.Child(direct ? "with_direct_term" : "without_direct_term");
            var actual = LossSensitivity.Of(run, new LossSensitivityConstants { FullSet = over, KeepDirect = direct }, times);
            its.Agrees(losses, "loss_at_t", actual.Losses);
            its.Agrees(expected, "g", actual.ByTime.SelectMany(row => row));
            its.Agrees(expected, "gbar", actual.Mean);
            its.Agrees(expected, "gbar_l2", actual.MeanL2);
            its.Agrees(expected, "gbar_linf", actual.MeanMax);
            if (expected.Has("signed_derivative_at_last_time"))
            {
                var column = LossColumn.Mean(times[^1], over ? [.. Enumerable.Range(0, run.Examples)] : run.Minibatches[times[^1]]);
                ReverseSweep.Run(run, [column], direct, 1, swept => its.TensorAgrees(expected, "signed_derivative_at_last_time", swept.Derivatives.squeeze(1)));
            }
        }
    }

    private static void ClassesAgree(CnnCase its, GoldenCase part, UnrolledRun run)
    {
        foreach (var direct in new[] { false, true })
        {
            var expected = part.Child(direct ? "with_direct_term" : "without_direct_term");
            var actual = ClassSensitivity.Of(run, 3, part.Wholes("times"), part.Wholes("loss_examples"), new ClassSensitivityConstants(direct));
            its.Agrees(expected, "per_example_matrix", actual.PerExample.SelectMany(matrix => matrix.SelectMany(row => row)));
            its.Agrees(expected, "class_sum_matrix", actual.ClassSum.SelectMany(matrix => matrix.SelectMany(row => row)));
        }
    }

    /// <summary>The network, forward pass, optimizer and regularizers of trials.</summary>
    private static void Train(CnnCase its, GoldenCase part, IReadOnlyList<IRegularizer> regularizers)
    {
        var (data, loss, losses) = (new TensorData(its.Inputs, its.Labels), GoldenTensors.Loss(part.Text("loss")), new List<double>());
        var optimizer = new Sgd(its.Network.Parameters, part.Number("momentum"), regularizers);
        foreach (var (step, batch) in CnnCase.Minibatches(part).Index())
        {
            using var inner = NewDisposeScope();
            var value = ForwardPass.Training(regularizers, new Seeds(1), epoch: 1, step).Loss(its.Network, data.Take(Tensors.Indices(batch)), loss);
            losses.Add(value.ToDouble());
            value.backward();
            optimizer.Step(part.Number("learning_rate"));
        }

        its.Agrees(part, "loss_per_step", losses);
        if (part.Has("final_weights"))
        {
            its.TensorAgrees(part, "final_weights", cat([.. its.Parameters.Select(parameter => parameter.detach().flatten())]));
        }

        if (part.Has("final_statistics"))
        {
            its.StatisticsAgree(part, "final_statistics");
        }

        its.Agrees(part, "final_losses", Scoring.Of(its.Network, data, CancellationToken.None).Losses);
    }
}
