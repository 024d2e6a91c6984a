using MemCluster.Golden;
using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>Short training runs with the network, forward pass, optimizer and decay of training, every random choice given.</summary>
public sealed class GoldenTrajectoryTests
{
    [GoldenTheory]
    [GoldenCases("sgd-trajectories")]
    public void Trajectories_agree(string name)
    {
        var given = GoldenCase.Get("sgd-trajectories", name);
        Check(given, given.Expected, ScalarType.Float64, GoldenAssert.Float64);
        if (given.Expected.Has("float32"))
        {
            Check(given, given.Expected.Child("float32"), ScalarType.Float32, GoldenAssert.Float32);
        }
    }

    private static void Check(GoldenCase given, GoldenCase expected, ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (mlp, data) = (GoldenNetwork.Of(given.Child("network"), type).Mlp!, new TensorData(given.Tensor("inputs", type), given.Labels()));
        var settings = new TrainingSettings
        {
            Rate = given.Number("learning_rate"),
            Schedule = given.Has("halve_learning_rate_every_steps") ? new(given.Whole("halve_learning_rate_every_steps"), 0.5) : null,
        };
        var momentum = given.Number("momentum");
        var regularizers = Regularizers(given, type);
        var optimizer = new Sgd(mlp.Parameters, momentum, regularizers, given.Flag("nesterov"));
        var (losses, found) = (new List<double>(), new List<int>());
        foreach (var (batch, step) in given.Rows("minibatches").Select((batch, step) => (batch, step)))
        {
            using var inner = NewDisposeScope();
            var taken = data.Take(tensor(Array.ConvertAll(batch, example => (long)example)));
            NoteFound(given, mlp, taken, found);
            var loss = ForwardPass.Training(regularizers, new Seeds(1), epoch: 1, step).Loss(mlp, taken, GoldenTensors.Loss(given.Text("loss")));
            losses.Add(loss.ToDouble());
            loss.backward();
            optimizer.Step(Sgd.RateAt(step + 1, settings));
        }

        GoldenAssert.Agrees(expected.Numbers("loss_per_step"), losses, "losses", tolerance);
        GoldenTensors.WeightsAgree(expected.Children("final_weights"), mlp.Parameters.Select(parameter => parameter.Value), tolerance);
        if (expected.Has("final_train_accuracy"))
        {
            var scores = Scoring.Of(mlp, data, CancellationToken.None);
            var labels = given.Wholes("labels");
            Assert.Equal(expected.Number("final_train_accuracy"), scores.Predictions.Where((label, i) => label == labels[i]).Count() / (double)labels.Length, 1e-12);
        }

        if (expected.Has("lass_success_iteration_per_step"))
        {
            Assert.Equal(expected.Wholes("lass_success_iteration_per_step"), found);
        }
    }

    private static void NoteFound(GoldenCase given, Mlp mlp, TensorData batch, List<int> found)
    {
        if (!given.Has("adversarial"))
        {
            return;
        }

        var adversarial = given.Child("adversarial");
        using var result = Lass.Search(
            NetworkFunction.Of(mlp), [.. mlp.Parameters.Select(parameter => parameter.Value)], batch.Images, GoldenLassTests.Constants(adversarial),
            GoldenLassTests.Noise(adversarial));
        found.AddRange(result.SuccessIteration);
    }

    // Decay and the adversarial loss are the real ones. Masks and noise are given, so what stands in for the real regularizers are the same deeds without their draws.
    private static List<IRegularizer> Regularizers(GoldenCase given, ScalarType type)
    {
        var all = new List<IRegularizer>();
        if (given.Has("dropout_rate"))
        {
            var (keep, rate) = (PerLayer(given, "dropout_masks", "keep", type), given.Number("dropout_rate"));
            all.Add(new Given((x, _) => x, (h, layer, step) => h * keep[layer][step] / (1 - rate)));
        }

        if (given.Has("input_mask"))
        {
            var mask = given.Tensor("input_mask", type);
            all.Add(new Given((x, step) => x * mask[step], (h, _, _) => h));
        }

        if (given.Has("input_noise"))
        {
            var (noise, sd) = (given.Tensor("input_noise", type), given.Number("input_noise_sd"));
            all.Add(new Given((x, step) => x.add(noise[step], alpha: sd), (h, _, _) => h));
        }

        if (given.Has("hidden_noise"))
        {
            var (noise, sd) = (PerLayer(given, "hidden_noise", "eta", type), given.Number("hidden_noise_sd"));
            all.Add(new Given((x, _) => x, (h, layer, step) => h.add(noise[layer][step], alpha: sd)));
        }

        if (given.Has("adversarial"))
        {
            var adversarial = given.Child("adversarial");
            all.Add(new Adversarial(adversarial.Number("weight"), GoldenLassTests.Constants(adversarial)) { Noise = (_, _) => GoldenLassTests.Noise(adversarial) });
        }

        if (given.Number("weight_decay") > 0)
        {
            all.Add(new WeightDecay(given.Number("weight_decay"), given.Text("weight_decay_on") == "all"));
        }

        return all;
    }

    private static Tensor[] PerLayer(GoldenCase given, string key, string part, ScalarType type) =>
        [.. given.Children(key).OrderBy(layer => layer.Whole("after_hidden_layer")).Select(layer => layer.Tensor(part, type))];

    private sealed class Given(Func<Tensor, int, Tensor> input, Func<Tensor, int, int, Tensor> hidden) : IRegularizer
    {
        public Tensor Input(Tensor images, BatchDraws draws) => input(images, draws.Batch);

        public Tensor Hidden(Tensor activations, int layer, BatchDraws draws) => hidden(activations, layer, draws.Batch);
    }
}
