using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>What the loop does batch by batch, seen from inside a network.</summary>
public sealed class TrainingLoopTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly CancellationTokenSource _stop = new();
    private readonly TensorData _train;

    public TrainingLoopTests()
    {
        var examples = Glyphs.Make("train", 300);
        var data = Corruption.Apply(new DataSelection(DataCatalog.Glyphs, examples, examples), Noise.None, 1);
        _train = TensorData.Train(data, ScalarType.Float32);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _scope.Dispose();
    }

    private TrialState Train(WatchedNetwork network) => TrainingLoop.Train(
        Trials.Small, Learner.Of(Trials.Small, network, _train.PixelUnits), _train, epoch => new EpochMeasures(epoch, [.. new double[MeasureNames.Epoch.Length]], ""), _ => { }, _stop.Token);

    [Fact]
    public void Every_epoch_sees_every_example_once_in_an_order_of_its_own_and_keeps_the_last_partial_batch()
    {
        var sizes = new List<long>();
        var seen = new List<float>();
        Train(new WatchedNetwork(images =>
        {
            sizes.Add(images.shape[0]);
            seen.AddRange(images.sum([1, 2, 3]).data<float>());
        }));
        Assert.Equal([64, 64, 64, 64, 44], sizes.Take(5));
        var epochs = seen.Chunk(300).ToList();
        var all = _train.Images.sum([1, 2, 3]).data<float>().Order().ToArray();
        Assert.Equal(3, epochs.Count);
        Assert.All(epochs, epoch => Assert.Equal(all, epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
    }

    [Fact]
    public void With_replacement_every_minibatch_is_drawn_from_all_and_an_epoch_has_the_steps_asked_for()
    {
        var training = Trials.Small.Training with { Sampling = TrainingSettings.WithReplacement };
        var drawn = Minibatches.Of(training, new Seeds(1), 1, 300).ToList();

        Assert.Equal([64, 64, 64, 64, 64], drawn.Select(batch => batch.Length));
        Assert.All(drawn.SelectMany(batch => batch), example => Assert.InRange(example, 0, 299));
        Assert.InRange(drawn.SelectMany(batch => batch).Distinct().Count(), 170, 230);   // 300 · (1 − e^(−320/300)) = 197
        Assert.Equal(drawn.Take(2), Minibatches.Of(training with { EpochSteps = 2 }, new Seeds(1), 1, 300));
        Assert.NotEqual(drawn[0], Minibatches.Of(training, new Seeds(1), 2, 300).First());
    }

    [Fact]
    public void Stopping_takes_effect_before_the_next_batch()
    {
        var network = new WatchedNetwork(_ => { });
        network.Watch = _ => (network.Passes == 3 ? _stop : null)?.Cancel();
        Assert.Throws<OperationCanceledException>(() => Train(network));
        Assert.Equal(3, network.Passes);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_training_at_that_batch()
    {
        var network = new WatchedNetwork(_ => { });
        network.Watch = _ => network.Factor = network.Passes == 7 ? float.NaN : 1;
        Assert.Equal(TrialState.Diverged, Train(network));
        Assert.Equal(7, network.Passes);
    }

    private sealed class WatchedNetwork(Action<Tensor> watch) : INetwork
    {
        private readonly Mlp _inner = new(Trials.Small.Network, DataCatalog.Glyphs, new Seeds(1), ScalarType.Float32);

        public Action<Tensor> Watch { get; set; } = watch;

        public int Passes { get; private set; }

        public float Factor { get; set; } = 1;

        public IReadOnlyList<Parameter> Parameters => _inner.Parameters;

        public Tensor Forward(IReadOnlyList<Tensor> parameters, Tensor images, ForwardPass pass)
        {
            Passes++;
            Watch(images);
            return _inner.Forward(parameters, images, pass) * Factor;
        }
    }
}
