using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>In which layer it is decided what a network says (Baldock et al. 2021).</summary>
public sealed class PredictionDepthTests
{
    /// <summary>Points of whole numbers, many of them as far, and more than fit in a block; against sorting all distances.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(7, true)]
    [InlineData(30, false)]
    [InlineData(5_000, true)]
    public void Votes_are_those_of_sorting_all_distances(int k, bool areSame)
    {
        using var scope = NewDisposeScope();
        const int all = 1_100;
        var draws = new Seeds(3).Generator("test");
        float[][] neighbours = [.. Enumerable.Range(0, all).Select(_ => Enumerable.Range(0, 3).Select(_ => (float)draws.Below(6)).ToArray())];
        int[] labels = [.. Enumerable.Range(0, all).Select(_ => draws.Below(4))];
        var points = areSame ? neighbours : [.. Enumerable.Range(0, 260).Select(_ => Enumerable.Range(0, 3).Select(_ => (float)draws.Below(6)).ToArray())];

        var votes = NeighbourVotes.Of(Matrix(points), Matrix(neighbours), labels, k, areSame, default);

        Assert.Equal(points.Select((point, at) =>
        {
            var nearest = Enumerable.Range(0, all).Where(other => !areSame || other != at)
                .OrderBy(other => point.Zip(neighbours[other], (a, b) => (a - b) * (a - b)).Sum()).ThenBy(other => other).Take(k).ToArray();
            return Enumerable.Range(0, 4).MaxBy(label => nearest.Count(other => labels[other] == label));
        }), votes);

        static Tensor Matrix(float[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, 3]);
    }

    [Fact]
    public void Depth_is_the_first_layer_from_which_on_all_votes_are_the_prediction()
    {
        // Five examples, three layers, prediction 1: all agree; the first does not; the second does not, though the first does; the last does not; none does.
        int[][] votes = [[1, 0, 1, 1, 2], [1, 1, 2, 1, 0], [1, 1, 1, 3, 0]];

        Assert.Equal([0, 1, 2, 3, 3], PredictionDepths.Depths(votes, [1, 1, 1, 1, 1]));
    }

    [Fact]
    public void Nobody_votes_on_a_point_that_has_no_other()
    {
        using var scope = NewDisposeScope();

        Assert.Equal([-1], NeighbourVotes.Of(zeros(1, 3), zeros(1, 3), [4], 30, areSame: true, default));
    }

    [Fact]
    public void Layers_of_an_mlp_are_the_input_what_each_relu_gives_and_the_logits()
    {
        using var scope = NewDisposeScope();
        var mlp = NetworkKinds.Create(new() { Depth = 2, Width = 5 }, DataCatalog.Find("glyphs")!, new Seeds(1), ScalarType.Float64);
        var images = Probes.Gaussian(new Seeds(2), "test", [3, 1, 28, 28], ScalarType.Float64);
        var weights = mlp.Parameters.Select(parameter => parameter.Value.detach().ToDoubles()).ToArray();
        var layers = PredictionDepths.Layers(mlp, images);

        Assert.Equal([784, 5, 5, 10], layers.Select(layer => layer.shape[1]));
        var x = images.ToDoubles();
        Assert.Equal(x, layers[0].ToDoubles());
        for (var layer = 0; layer < 3; layer++)
        {
            var (width, wide) = ((int)layers[layer].shape[1], (int)layers[layer + 1].shape[1]);
            var y = new double[3 * wide];
            for (var place = 0; place < y.Length; place++)
            {
                var sum = weights[2 * layer + 1][place % wide] + Enumerable.Range(0, width).Sum(i => x[place / wide * width + i] * weights[2 * layer][place % wide * width + i]);
                y[place] = layer < 2 ? Math.Max(0, sum) : sum;
            }

            Assert.All(y.Zip(layers[layer + 1].ToDoubles()), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
            x = y;
        }
    }

    [Fact]
    public void Layers_of_a_cnn_are_its_poolings_and_dense_layers_too()
    {
        using var scope = NewDisposeScope();
        var cnn = NetworkKinds.Create(new() { Kind = "cnn", Filters = 4 }, DataCatalog.Find("glyphs")!, new Seeds(1), ScalarType.Float32);

        Assert.Equal([784, 4 * 14 * 14, 4 * 7 * 7, 384, 192, 10], PredictionDepths.Layers(cnn, zeros(2, 1, 28, 28)).Select(layer => layer.shape[1]));
    }

    [Fact]
    public void Wrong_labels_and_images_that_it_gets_wrong_are_decided_later()
    {
        var measures = Trials.Run(Trials.Small with
        {
            Network = new() { Depth = 3, Width = 64 },
            Training = new() { Epochs = 60, Batch = 16, Rate = 0.05, Momentum = 0.9 },
            Measures = new() { PredictionDepth = new("last k=10") },
        }).Outcome.Measures;

        Assert.InRange(measures[MeasureNames.TrainAccuracy], 0.95, 1);
        Assert.InRange(measures["prediction_depth_corrupted_auroc"], 0.7, 1);
        Assert.InRange(measures["prediction_depth_validation_wrong_mean"], measures["prediction_depth_validation_right_mean"] + 0.2, 5);
        var (right, wrong, accuracy) = (measures["prediction_depth_validation_right_mean"], measures["prediction_depth_validation_wrong_mean"], measures[MeasureNames.ValidationAccuracyLast]);
        Assert.Equal(accuracy * right + (1 - accuracy) * wrong, measures["prediction_depth_validation_mean"], 1e-9);
    }
}
