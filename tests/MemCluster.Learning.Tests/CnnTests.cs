using MemCluster.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class CnnTests
{
    /// <summary>4 filters, 12 and 6 units.</summary>
    private static readonly NetworkSettings Small = new() { Kind = NetworkSettings.Cnn, Filters = 140, Multiplier = 0.03 };

    /// <summary>2 filters, 8 and 4 units.</summary>
    private static readonly NetworkSettings Tiny = Small with { Filters = 100, Multiplier = 0.02 };

    private static readonly TrialSettings Trial = Trials.Small with
    {
        Data = new() { Name = "glyphs", Train = 60, Validation = 30 },
        Network = Small,
        Training = new() { Epochs = 2, Batch = 16, Rate = 0.05, Momentum = 0.9 },
    };

    // Images of 9 × 9 keep gradients of gradients cheap.
    private static readonly DataSetCard LittleImages = DataCatalog.Cifar10 with { Channels = 2, Height = 9, Width = 9, Classes = 3 };

    private static Cnn Make(NetworkSettings settings, DataSetCard card, ScalarType type = ScalarType.Float64) =>
        (Cnn)NetworkKinds.Create(settings, card, new Seeds(1), type);

    private static Tensor Draw(string what, params long[] shape) => Probes.Gaussian(new Seeds(3), what, shape, ScalarType.Float64);

    /// <summary>Counted from the layers in Arpit et al. 2017, and in Zhang et al. 2017, who give 1,387,786.</summary>
    [Theory]
    [InlineData(200, "same", 2, true, 4_856_786)]
    [InlineData(200, "valid", 3, true, 1_170_386)]
    [InlineData(64, "same", 2, false, 1_387_786)]
    public void It_has_as_many_parameters_as_the_papers_networks(int filters, string padding, int stride, bool batchNorm, long count)
    {
        using var scope = NewDisposeScope();
        var settings = Small with { Filters = filters, Multiplier = 1, Padding = padding, PoolStride = stride, BatchNorm = batchNorm };
        Assert.Equal(count, Make(settings, DataCatalog.Cifar10, ScalarType.Float32).Parameters.Sum(parameter => parameter.Value.numel()));
    }

    [Theory]
    [InlineData("same", 1)]
    [InlineData("same", 2)]
    [InlineData("same", 3)]
    [InlineData("valid", 2)]
    [InlineData("valid", 3)]
    public void Digits_and_photographs_go_through_whatever_the_padding_and_the_stride(string padding, int stride)
    {
        using var scope = NewDisposeScope();
        foreach (var card in (DataSetCard[])[DataCatalog.Mnist, DataCatalog.Cifar10])
        {
            var cnn = Make(Small with { Padding = padding, PoolStride = stride }, card);
            Assert.Equal([2, 10], cnn.Forward(zeros([2, card.Channels, card.Height, card.Width], dtype: ScalarType.Float64), ForwardPass.Scoring).shape);
        }
    }

    /// <summary>Torch's own modules, with the same weights, in training and then in eval mode.</summary>
    [Fact]
    public void It_computes_what_torchs_own_layers_compute()
    {
        using var scope = NewDisposeScope();
        var cnn = Make(Small, DataCatalog.Cifar10);
        var (first, second, wide, narrow, side) = (cnn.Parameters[0].Value.shape[0], cnn.Parameters[4].Value.shape[0], 12, 6, 7);
        using var theirs = nn.Sequential(
            nn.Conv2d(3, first, 5, padding: 2), nn.BatchNorm2d(first), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode: true),
            nn.Conv2d(first, second, 5, padding: 2), nn.BatchNorm2d(second), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode: true),
            nn.Flatten(), nn.Linear(second * side * side, wide), nn.BatchNorm1d(wide), nn.ReLU(), nn.Linear(wide, narrow), nn.BatchNorm1d(narrow), nn.ReLU(), nn.Linear(narrow, 10)).to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var (mine, other) in cnn.Parameters.Zip(theirs.parameters(), (mine, other) => (mine.Value, other)))
            {
                other.copy_(mine);
            }
        }

        var images = Draw("images", 6, 3, 32, 32);
        var middle = images.narrow(2, 2, 28).narrow(3, 2, 28);
        Close(theirs.forward(middle), cnn.Forward(images, ForwardPass.Training([], new Seeds(1), 1, 0)));
        theirs.eval();
        Close(theirs.forward(middle), cnn.Forward(images, ForwardPass.Scoring));
        Close(theirs.forward(middle), NetworkFunction.Of(cnn).Logits([.. cnn.Parameters.Select(parameter => parameter.Value)], images));
    }

    [Fact]
    public void Same_pooling_leaves_as_many_pixels_as_there_are_strides()
    {
        using var scope = NewDisposeScope();
        foreach (var stride in (int[])[1, 2, 3])
        {
            var cnn = Make(Small with { PoolStride = stride, BatchNorm = false }, DataCatalog.Mnist);
            var side = Math.Ceiling(Math.Ceiling(28.0 / stride) / stride);
            Assert.Equal(cnn.Parameters[2].Value.shape[0] * side * side, cnn.Parameters[4].Value.shape[1]);
        }
    }

    [Fact]
    public void Scoring_goes_by_the_running_statistics_and_leaves_them_as_they_are()
    {
        using var scope = NewDisposeScope();
        var cnn = Make(Small, DataCatalog.Mnist);
        var images = Draw("digits", 8, 1, 28, 28);
        cnn.Forward(images, ForwardPass.Training([], new Seeds(1), 1, 0));
        var before = cnn.Buffers.Select(buffer => buffer.ToDoubles()).ToArray();
        var alone = cnn.Forward(images.narrow(0, 2, 1), ForwardPass.Scoring);

        Close(cnn.Forward(images, ForwardPass.Scoring).narrow(0, 2, 1), alone);
        cnn.Forward(images, ForwardPass.Again);
        Assert.Equal(before, cnn.Buffers.Select(buffer => buffer.ToDoubles()));
        Assert.All(before.Chunk(2), pair => Assert.NotEqual(0, pair[0][0]));
    }

    [Fact]
    public void The_weights_digest_sees_running_statistics()
    {
        using var scope = NewDisposeScope();
        var cnn = Make(Small, DataCatalog.Mnist);
        var before = WeightsDigest.Of(cnn);
        cnn.Forward(Draw("digits", 8, 1, 28, 28), ForwardPass.Training([], new Seeds(1), 1, 0));
        Assert.NotEqual(before, WeightsDigest.Of(cnn));
    }

    [Fact]
    public void Decay_spares_biases_and_what_normalization_learns()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(
            ["conv.0.weight", "conv.1.weight", "dense.0.weight", "dense.1.weight", "output.weight"],
            Make(Small, DataCatalog.Mnist).Parameters.Where(parameter => !parameter.IsBias).Select(parameter => parameter.Name));
    }

    [Fact]
    public void Dropout_acts_behind_the_dense_layers_or_behind_all()
    {
        using var scope = NewDisposeScope();
        foreach (var (on, layers) in new[] { ("dense", new[] { 0, 1 }), ("all", [2, 3, 0, 1]) })
        {
            var seen = new Watch();
            Make(Small with { Regularized = on }, DataCatalog.Mnist).Forward(Draw("digits", 3, 1, 28, 28), ForwardPass.Training([seen], new Seeds(1), 1, 0));
            Assert.Equal(layers, seen.Layers);
        }
    }

    [Fact]
    public void A_trial_repeats_its_bits_alone_and_beside_other_threads()
    {
        var settings = Trial with { Regularizer = new() { Dropout = 0.2, InputNoise = 0.1, WeightDecay = 1e-4, Adversarial = 0.5, AdversarialIterations = 3 } };
        var alone = Trials.Bits(settings);
        var crowd = new string[3];
        var threads = Enumerable.Range(0, 3).Select(i => new Thread(() => crowd[i] = Trials.Bits(i == 2 ? Trial : settings))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal([alone, alone], crowd[..2]);
    }

    [Fact]
    public void Every_setting_of_it_changes_the_numbers()
    {
        var all = Trial with { Regularizer = new() { Dropout = 0.2 }, Training = Trial.Training with { Epochs = 1 } };
        NetworkSettings[] variants =
        [
            Small, Small with { Filters = 200 }, Small with { Multiplier = 0.05 }, Small with { Padding = "valid" }, Small with { PoolStride = 3 },
            Small with { BatchNorm = false }, Small with { Regularized = "all" },
        ];
        Assert.Equal(variants.Length, variants.Select(network => Trials.Run(all with { Network = network }).Outcome.Weights).Distinct().Count());
    }

    [Fact]
    public void A_small_set_is_learned_by_heart()
    {
        var settings = Trial with
        {
            Network = Small with { Filters = 100, Multiplier = 0.1 },
            Noise = new(Noise.Label, 1),
            Training = new() { Epochs = 60, Batch = 16, Rate = 0.05, Momentum = 0.9, StopAtTrainAccuracy = 1 },
        };
        Assert.Equal(1, Trials.Run(settings).Outcome.Measures[MeasureNames.TrainAccuracy]);
    }

    /// <summary>All measures, and none of them moves a bit: neither a weight nor a running mean.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_measure_works_on_it_and_changes_nothing(bool batchNorm)
    {
        var plain = Trial with { Network = Tiny with { BatchNorm = batchNorm }, Data = new() { Name = "glyphs", Train = 40, Validation = 20 }, Training = new() { Epochs = 2, Batch = 10, Rate = 0.05 } };
        var plan = new MeasurePlan
        {
            Norms = new("every 1 at 0"),
            TrainMode = new("every 1 at 0"),
            Sharpness = new("last iterations=2 examples=10 trace-probes=1"),
            Csr = new("at 0,last radii=0.3,8 on=both examples=10 iterations=3"),
            LossSensitivity = new("last window=4 thin=2"),
            ClassSensitivity = batchNorm ? null : new("last examples=40"),
            InputGradient = new("every 1"),
            Learning = new("every 1"),
            Loss = new("last"),
            El2n = new("last"),
            Grand = new("last"),
            Curvature = new("last probes=1"),
            Membership = new("last"),
        };
        var (bare, measured) = (Trials.Run(plain), Trials.Run(plain with { Measures = plan }));

        Assert.Equal(bare.Epochs.Select(epoch => epoch.Weights), measured.Epochs.Select(epoch => epoch.Weights));
        Assert.Equal(bare.Epochs.SelectMany(epoch => epoch.Values), measured.Epochs.SelectMany(epoch => epoch.Values));
        Assert.Equal(MeasureKind.NumbersOf(plan).Order(), measured.Outcome.Measures.Keys.Except(MeasureNames.Final).Order());
    }

    /// <summary>Back through convolutions, normalization by the minibatch and pooling: derivatives of derivatives, against small steps.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_moved_image_moves_the_late_loss_as_the_sweep_through_training_says(bool batchNorm)
    {
        using var scope = NewDisposeScope();
        var cnn = Make(Tiny with { BatchNorm = batchNorm }, LittleImages);
        var run = new UnrolledRun(
            NetworkFunction.InTraining(cnn), new ExampleLoss.CrossEntropy(), [.. cnn.Parameters.Select(parameter => parameter.Value)],
            Draw("x", 12, 2, 9, 9), Tensors.Indices(Enumerable.Range(0, 12).Select(i => i * 7 % 3)), UnrolledRuns.DrawMinibatches(new Seeds(9), 6, 4, 12), 0.1);
        int[] late = [0, 1, 5];
        var (example, derivative) = (run.Minibatches[2][0], double.NaN);
        ReverseSweep.Run(run, [LossColumn.Mean(5, late)], keepDirect: true, 1, swept => derivative = swept.Derivatives[example, 0, 1, 4, 4].ToDouble());

        Assert.NotEqual(0, derivative);
        Assert.Equal((Moved(1e-6) - Moved(-1e-6)) / 2e-6, derivative, 1e-7 * Math.Max(1, Math.Abs(derivative)));

        double Moved(double by)
        {
            var inputs = run.Inputs.clone();
            inputs[example, 1, 4, 4].add_(by);
            var moved = run with { Inputs = inputs };
            var (images, labels) = moved.Take(late);
            return run.Loss.PerExample(run.Network.Logits(moved.WeightsAfter(5), images), labels).mean().ToDouble();
        }
    }

    [Fact]
    public void A_product_with_the_hessian_is_how_the_gradient_moves()
    {
        using var scope = NewDisposeScope();
        var cnn = Make(Tiny, LittleImages);
        var (images, labels) = (Draw("x", 6, 2, 9, 9), Tensors.Indices([0, 1, 2, 0, 1, 2]));
        cnn.Forward(images, ForwardPass.Training([], new Seeds(1), 1, 0));
        var weights = cnn.Parameters.Select(parameter => parameter.Value.detach()).ToArray();
        var direction = weights.Select((weight, place) => Draw($"v{place}", weight.shape)).ToArray();
        var product = new LossHessian(NetworkFunction.Of(cnn), new ExampleLoss.CrossEntropy(), weights, images, labels).Product(direction);
        var (up, down) = (Gradient(1e-6), Gradient(-1e-6));
        foreach (var (place, exact) in product.Index())
        {
            Assert.Equal(0, ((up[place] - down[place]) / 2e-6 - exact).abs().max().ToDouble(), 1e-6);
        }

        IList<Tensor> Gradient(double step)
        {
            var leaves = Tensors.Leaves(weights.Zip(direction, (weight, along) => weight.Plus(along, step)));
            return autograd.grad([new ExampleLoss.CrossEntropy().PerExample(NetworkFunction.Of(cnn).Logits(leaves, images), labels).mean()], leaves);
        }
    }

    private static void Close(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().ToDouble(), 0, 1e-12);

    private sealed class Watch : IRegularizer
    {
        public List<int> Layers { get; } = [];

        public Tensor Hidden(Tensor activations, int layer, BatchDraws draws)
        {
            Layers.Add(layer);
            return activations;
        }
    }
}
