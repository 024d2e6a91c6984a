using BenchmarkDotNet.Attributes;
using MemCluster.Learning;
using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Benchmarks;

/// <summary>
/// An epoch of our training loop against the plainest loop that TorchSharp allows (its own modules, optimizer and generator): what keyed draws,
/// split measures and weight digests cost. Both train a depth-2 network on 2,000 drawn images in batches of 64, then score training and
/// validation sets once an epoch.
/// </summary>
public class TrainingBenchmarks
{
    private const int Epochs = 3;
    private const int Batch = 64;

    private readonly DataSource _data = new(DataFolder.Find());
    private Tensor _images = zeros(1);
    private Tensor _labels = zeros(1);

    /// <summary>Units per hidden layer.</summary>
    [Params(32, 256)]
    public int Width { get; set; }

    [GlobalSetup]
    public void Load()
    {
        set_num_threads(1);
        var selection = _data.Load(Settings().Data);
        _images = rand(selection.Card.Pixels * 2000L).reshape(2000, selection.Card.Pixels);
        _labels = randint(selection.Card.Classes, 2000, ScalarType.Int64);
    }

    [Benchmark(Baseline = true)]
    public float PlainLoop()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(
            nn.Linear(784, Width), nn.ReLU(), nn.Linear(Width, Width), nn.ReLU(), nn.Linear(Width, 10));
        using var optimizer = optim.SGD(network.parameters(), 0.05, 0.9);
        var correct = 0f;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            using var order = randperm(2000);
            for (var at = 0; at < 2000; at += Batch)
            {
                using var step = NewDisposeScope();
                var indices = order[TensorIndex.Slice(at, Math.Min(at + Batch, 2000))];
                optimizer.zero_grad();
                nn.functional.cross_entropy(network.forward(_images.index_select(0, indices)), _labels.index_select(0, indices)).backward();
                optimizer.step();
            }

            using var eval = NewDisposeScope();
            using var quiet = no_grad();
            for (var part = 0; part < 2; part++)
            {
                correct += network.forward(_images).argmax(1).eq(_labels).mean([0L], type: ScalarType.Float32).item<float>();
            }
        }

        return correct;
    }

    [Benchmark]
    public TrialOutcome OurLoop() => TrialRun.Run(Settings(), _data, _ => { }, TimeProvider.System, CancellationToken.None);

    private TrialSettings Settings() => new()
    {
        Data = new() { Name = "glyphs", Train = 2000, Validation = 2000 },
        Network = new() { Width = Width },
        Training = new() { Epochs = Epochs, Batch = Batch, Rate = 0.05, Momentum = 0.9 },
    };
}
