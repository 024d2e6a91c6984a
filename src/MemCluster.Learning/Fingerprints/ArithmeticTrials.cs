using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Tiny trials of every kind of network in both precisions, with nearly every measure there is: what a sweep does, through the code that does it.</summary>
internal static class ArithmeticTrials
{
    private static readonly NetworkSettings Cnn = new() { Kind = NetworkSettings.Cnn, Filters = 100, Multiplier = 0.03 };

    /// <summary>Each measure at the end, with constants that make it cheap; <c>class-sensitivity</c> costs a sweep for each example.</summary>
    private static readonly IReadOnlyDictionary<string, string> Cheaply = new Dictionary<string, string>
    {
        ["sharpness"] = "last iterations=2 examples=6 trace-probes=1",
        ["csr"] = "last radii=8 on=both examples=6 iterations=3",
        ["loss-sensitivity"] = "last window=2 thin=1",
        ["class-sensitivity"] = "last examples=2",
        ["curvature"] = "last probes=1",
    };

    /// <summary>
    /// Measures that came after the fingerprint was published and whose operations others try: <c>second-split</c> counts, <c>prediction-depth</c> multiplies matrices in double, as
    /// networks of that precision do. Among the digests they would give every machine another fingerprint, and sweeps under way would find no trainer.
    /// </summary>
    internal static readonly string[] Untried = ["second-split", "prediction-depth"];

    /// <summary>Every kind of network in both precisions, and every measure on each.</summary>
    public static IReadOnlyList<ArithmeticDigest> All() => [.. Kinds(every: true).SelectMany(Of)];

    /// <summary>The same networks, and every measure on one of each kind: what a trainer can afford when it begins.</summary>
    public static IReadOnlyList<ArithmeticDigest> Brief() => [.. Kinds(every: false).SelectMany(Of)];

    private static IEnumerable<(string Name, string Precision, TrialSettings Settings)> Kinds(bool every) =>
    [
        ("mlp", "float32", Settings(new() { Depth = 2, Width = 48 }, new() { InputNoise = 0.1, Dropout = 0.2, WeightDecay = 1e-4 }, measured: true)),
        ("mlp adam", "float32", Settings(new() { Depth = 1, Width = 20 }, new(), measured: false) with
        {
            Training = new() { Epochs = 2, Batch = 6, Rate = 0.01, Optimizer = Optimizer.Adam, Loss = new(TrainingLoss.SmoothedLog, 0.1) },
        }),
        ("mlp", "float64", Settings(new() { Depth = 1, Width = 20 }, new(), every)),
        ("cnn", "float32", Settings(Cnn, new(), measured: true)),
        ("cnn adversarial", "float32", Settings(Cnn with { BatchNorm = false, Padding = "valid" }, new() { Adversarial = 0.5, AdversarialIterations = 2, HiddenNoise = 0.1 }, every)),
        ("cnn", "float64", Settings(Cnn, new(), every)),
    ];

    private static TrialSettings Settings(NetworkSettings network, Regularizer regularizer, bool measured) => new()
    {
        Data = new() { Name = DataCatalog.Glyphs.Name, Train = 12, Validation = 6 },
        Network = network,
        Noise = new(Noise.Label, 0.3),
        Training = new() { Epochs = 2, Batch = 6, Rate = 0.05 },
        Regularizer = regularizer,
        Measures = measured && !ComputeDevice.IsCuda ? EveryMeasure() : null,
        Seed = 7,
    };

    private static MeasurePlan EveryMeasure() =>
        MeasureKind.All.Where(kind => !Untried.Contains(kind.Name)).Aggregate(new MeasurePlan(), (plan, kind) => kind.Put(plan, new(Cheaply.GetValueOrDefault(kind.Name, MeasureRequest.LastWord))));

    private static IEnumerable<ArithmeticDigest> Of((string Name, string Precision, TrialSettings Settings) kind)
    {
        var (name, precision, settings) = kind;
        // Plain descent is what the measures through training go back through; momentum is tried where they don't.
        settings = settings with { Numerics = new() { InstructionSet = NumericsPin.Pinned, Precision = precision } };
        var told = new List<EpochMeasures>();
        var outcome = TrialRun.Run(settings, new DataSource(DataFolder.Find(null)), told.Add, TimeProvider.System, CancellationToken.None);
        yield return new($"{name}: training", precision, outcome.Weights[..8]);
        yield return new($"{name}: scoring", precision, Arithmetic.DigestOf(MemoryMarshal.AsBytes<double>([.. told.SelectMany(epoch => epoch.Values)])));
        foreach (var found in told.SelectMany(epoch => epoch.Findings).GroupBy(found => KindOf(found.Name, settings.Measures!)))
        {
            yield return new($"{name}: {found.Key}", precision, Arithmetic.DigestOf([.. found.SelectMany(one => one.Values)]));
        }
    }

    /// <summary>Which measure a finding is of.</summary>
    private static string KindOf(string finding, MeasurePlan plan) => MeasureKind.All.FirstOrDefault(kind => kind.Get(plan) is not null
        && kind.Numbers(kind.Get(plan)!).Concat(kind.Examples).Concat(kind.Others).Concat(kind.Examples.Select(MeasureKind.CorruptedAuroc)).Contains(finding))?.Name ?? "labels";
}
