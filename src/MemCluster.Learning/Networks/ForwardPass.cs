using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// What happens to a batch on its way through a network besides the network: the regularizers in training, nothing in scoring. A network hands
/// over its input, the outcome of every hidden ReLU and what leaves each hidden layer, and goes on with what comes back.
/// </summary>
internal sealed class ForwardPass
{
    /// <summary>Eval mode.</summary>
    public static readonly ForwardPass Scoring = new([], default, BatchStatistics.Running);

    /// <summary>Training without regularizers, gone through again: nothing is remembered.</summary>
    public static readonly ForwardPass Again = new([], default, BatchStatistics.Own);

    private readonly IReadOnlyList<IRegularizer> _regularizers;
    private readonly BatchDraws _draws;
    private readonly Action<Tensor>? _watch;

    private ForwardPass(IReadOnlyList<IRegularizer> regularizers, BatchDraws draws, BatchStatistics statistics, Action<Tensor>? watch = null)
    {
        _regularizers = regularizers;
        _draws = draws;
        _watch = watch;
        Statistics = statistics;
    }

    /// <summary>What batch normalization goes by.</summary>
    public BatchStatistics Statistics { get; }

    /// <summary>Eval mode, looked at on the way.</summary>
    /// <param name="watch">Is handed the activations after each hidden layer, in order; changes nothing of them.</param>
    public static ForwardPass Watched(Action<Tensor> watch) => new([], default, BatchStatistics.Running, watch);

    /// <summary>What training would see, without leaving a trace.</summary>
    public static ForwardPass LikeTraining(IReadOnlyList<IRegularizer> regularizers, Seeds seeds, int epoch, int batch) =>
        new(regularizers, new BatchDraws(seeds, epoch, batch), BatchStatistics.Own);

    public static ForwardPass Training(IReadOnlyList<IRegularizer> regularizers, Seeds seeds, int epoch, int batch) =>
        new(regularizers, new BatchDraws(seeds, epoch, batch), BatchStatistics.OwnAndRemembered);

    /// <summary>The loss of a minibatch: the mean over its examples, and what the regularizers make of it.</summary>
    public Tensor Loss(INetwork network, TensorData batch, ExampleLoss lossOf)
    {
        var of = new BatchLoss(network, batch, lossOf, this);
        return _regularizers.Aggregate(of.At(batch.Images), (loss, regularizer) => regularizer.Loss(loss, of, _draws));
    }

    public Tensor Input(Tensor images)
    {
        foreach (var regularizer in _regularizers)
        {
            images = regularizer.Input(images, _draws);
        }

        return images;
    }

    /// <summary>What leaves a hidden layer, pooling included.</summary>
    public Tensor Seen(Tensor activations)
    {
        _watch?.Invoke(activations);
        return activations;
    }

    /// <param name="layer">Counts the hidden layers from 0; each draws on its own.</param>
    public Tensor Hidden(Tensor activations, int layer)
    {
        foreach (var regularizer in _regularizers)
        {
            activations = regularizer.Hidden(activations, layer, _draws);
        }

        return activations;
    }
}

/// <summary>A minibatch's mean loss as a function of its images: at its own, or at others with the same labels.</summary>
internal sealed record BatchLoss(INetwork Network, TensorData Batch, ExampleLoss LossOf, ForwardPass Pass)
{
    public Tensor At(Tensor images) => LossOf.Mean(Network.Forward(images, Pass), Batch.Labels);
}
