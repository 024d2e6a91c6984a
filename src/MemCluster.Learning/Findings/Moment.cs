using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>A trial between two epochs, as measures see it. They change nothing of it, and draw by keys of their own.</summary>
/// <param name="Epoch">Epochs trained; 0 is before the first.</param>
/// <param name="Data">The labels; its arrays of pixels may be gone.</param>
internal sealed record Moment(
    int Epoch, TrialSettings Settings, Learner Learner, TensorData Train, TensorData Validation, CorruptedData Data, CancellationToken Stop)
{
    /// <summary>The training set before examples were left out, where that is asked for.</summary>
    public WholeSet? Whole { get; init; }

    public INetwork Network => Learner.Network;

    public Seeds Seeds { get; } = new(Settings.Seed);

    public IDifferentiableNetwork Function { get; } = NetworkFunction.Of(Learner.Network);

    public IReadOnlyList<Tensor> Parameters { get; } = [.. Learner.Network.Parameters.Select(parameter => parameter.Value)];

    /// <summary>The one that is trained on.</summary>
    public ExampleLoss Loss { get; } = ExampleLoss.Of(Settings.Training.Loss);

    /// <summary>Asks for some training examples at a time, so that memory does not grow with their number.</summary>
    /// <param name="of">Images and labels to a number for each of them.</param>
    public double[] PerExample(Func<Tensor, Tensor, double[]> of) => PerExample(Train, of);

    public double[] PerExample(TensorData data, Func<Tensor, Tensor, double[]> of)
    {
        var all = new double[data.Count];
        for (var from = 0; from < data.Count; from += Scoring.Batch)
        {
            Stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (images, labels) = data.Slice(from, Math.Min(Scoring.Batch, data.Count - from));
            of(images, labels).CopyTo(all, from);
        }

        return all;
    }

    public LogitScores Score(Tensor images, Tensor labels)
    {
        using var off = no_grad();
        return LogitScores.Of(Network.Forward(images, ForwardPass.Scoring), labels);
    }
}

/// <summary>A request with the constants that it leaves out.</summary>
internal readonly record struct Asked(MeasureKind Kind, MeasureRequest Request)
{
    public string Word(string name) => Kind.Word(Request, name);

    public int Whole(string name) => int.Parse(Word(name), System.Globalization.CultureInfo.InvariantCulture);

    public double Real(string name) => double.Parse(Word(name), System.Globalization.CultureInfo.InvariantCulture);
}
