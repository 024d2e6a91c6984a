using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Prediction depth (Baldock et al. 2021, section 2): probes ask the nearest training examples of the input, of the activations after each hidden layer and of the logits. An example's
/// depth is the first of these layers, from 0 for the input, from which on all probes say what the network says; their number, where the last one does not. Training examples have no
/// vote on themselves.
/// </summary>
internal static class PredictionDepths
{
    /// <summary>One layer's activations at a time are held, in the trial's precision.</summary>
    public static IEnumerable<Finding> Take(Moment moment, Asked asked)
    {
        using var off = no_grad();
        var k = asked.Whole("k");
        var (train, validation) = (Scoring.Of(moment.Network, moment.Train, moment.Stop).Predictions, Scoring.Of(moment.Network, moment.Validation, moment.Stop).Predictions);
        var (trainVotes, validationVotes) = (new List<int[]>(), new List<int[]>());
        var layers = Layers(moment.Network, moment.Train.Slice(0, 1).Images).Count;
        for (var layer = 0; layer < layers; layer++)
        {
            using var scope = NewDisposeScope();
            var neighbours = At(moment, moment.Train, layer);
            trainVotes.Add(NeighbourVotes.Of(neighbours, neighbours, moment.Data.Given, k, areSame: true, moment.Stop));
            validationVotes.Add(validation.Length == 0 ? [] : NeighbourVotes.Of(At(moment, moment.Validation, layer), neighbours, moment.Data.Given, k, areSame: false, moment.Stop));
        }

        var (depths, others) = (Depths(trainVotes, train), Depths(validationVotes, validation));
        var right = validation.Zip(moment.Data.ValidationLabels, (predicted, label) => predicted == label).ToArray();
        yield return Finding.OfNumber(moment.Epoch, "prediction_depth_mean", Defined.Share(depths.Sum(), depths.Length));
        yield return Mean("prediction_depth_validation_mean", _ => true);
        yield return Mean("prediction_depth_validation_right_mean", example => right[example]);
        yield return Mean("prediction_depth_validation_wrong_mean", example => !right[example]);
        yield return Finding.OfSingles(moment.Epoch, "prediction_depth", depths);

        Finding Mean(string name, Predicate<int> of)
        {
            var chosen = Enumerable.Range(0, others.Length).Where(example => of(example)).ToArray();
            return Finding.OfNumber(moment.Epoch, name, Defined.Share(chosen.Sum(example => others[example]), chosen.Length));
        }
    }

    /// <summary>Of each example, the first layer from which on all votes are the prediction.</summary>
    /// <param name="votes">By layer, then example.</param>
    public static double[] Depths(IReadOnlyList<int[]> votes, int[] predictions) =>
        [.. predictions.Select((predicted, example) => (double)(votes.Select((layer, at) => (at, layer[example])).LastOrDefault(vote => vote.Item2 != predicted, (-1, 0)).Item1 + 1))];

    /// <summary>Of a batch: the input, what leaves each hidden layer, and the logits; each examples × width.</summary>
    public static IReadOnlyList<Tensor> Layers(INetwork network, Tensor images)
    {
        List<Tensor> seen = [images.flatten(1)];
        seen.Add(network.Forward(images, ForwardPass.Watched(activations => seen.Add(activations.flatten(1)))));
        return seen;
    }

    private static Tensor At(Moment moment, TensorData data, int layer)
    {
        var parts = new List<Tensor>();
        for (var from = 0; from < data.Count; from += Scoring.Batch)
        {
            moment.Stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            parts.Add(Layers(moment.Network, data.Slice(from, Math.Min(Scoring.Batch, data.Count - from)).Images)[layer].MoveToOuterDisposeScope());
        }

        return cat(parts);
    }
}
