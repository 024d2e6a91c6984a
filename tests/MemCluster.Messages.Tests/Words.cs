using System.Collections.Immutable;

namespace MemCluster.Messages.Tests;

/// <summary>One word of every kind, with every field filled: the one list that the tests of the wire run over.</summary>
internal static class Words
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, 125, TimeSpan.Zero);
    // Written out: a stored word does not change when the program's own version does.
    private const string Version = "torchsharp-0.107.0 libtorch-2.10.0 memcluster-1";
    private static readonly SweepId Sweep = new("noise-by-capacity");
    private static readonly Guid Incarnation = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly TrialKey Key = new(Sweep, new(0x0123456789abcdef, 0xfedcba9876543210), 2);
    private static readonly TrialKey Other = new(Sweep, new(1, 2), 1);

    private static readonly TrialOutcome Outcome = new(
        TrialState.Diverged, 17,
        ImmutableSortedDictionary<string, double>.Empty
            .Add(MeasureNames.TrainAccuracy, 0.1 + 0.2).Add(MeasureNames.TrainLoss, 1e-300).Add(MeasureNames.ConvergenceEpoch, 17),
        "00ff00ff00ff00ff");

    private static readonly SweepEvent.SweepSubmitted Submitted = new(
        Sweep, "sweep: noise-by-capacity\ndata:\n  name: glyphs\n", "0123456789abcdef0123456789abcdef", 1, Version, 45, Noon);

    private static readonly TrialMeasured Batch = new(
        Key, 7, 3, ["train_loss", "train_accuracy"], [0, 0, 0, 0, 0, 0, 0xF8, 0x7F, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F], ["00ff00ff00ff00ff"], Noon);

    private static readonly TrialFound Found = new(
        Key, 7, 3, [new(0, "csr_validation_r0.3", FindingForms.Number, 8, 0, [0, 0, 0, 0, 0, 0, 0xE0, 0x3F]), new(10, "el2n", FindingForms.Singles, 60_000, 49_152, [0, 0, 0x80, 0x3F])], Noon);

    private static readonly TrialSettings Settings = new()
    {
        Data = new() { Name = "mnist", Train = 5000, Validation = 4000, Balanced = true, Split = "test" },
        Network = new() { Kind = NetworkSettings.Mlp, Depth = 3, Width = 128, Seconds = 0.25 },
        Training = new() { Epochs = 9, Batch = 32, Rate = 0.05, Momentum = 0.9, Schedule = new(3, 0.1), StopAtTrainAccuracy = 1 },
        Noise = new(Noise.Label, 0.4, KeepTrueClass: false),
        Regularizer = new() { Dropout = 0.5, InputDropout = 0.1, InputNoise = 0.2, HiddenNoise = 0.3, WeightDecay = 1e-4, DecayOn = "all" },
        Numerics = new() { InstructionSet = NumericsSettings.Native, Threads = 2, Precision = "float64" },
        Seed = ulong.MaxValue,
    };

    private static readonly TrainerCard Card = new("lab-3", 4711, 8, 16, 1L << 36, "cpu", NumericsSettings.Avx2, "ab12", ["fast", "quiet"]);

    public static readonly IReadOnlyList<IMessage> All =
    [
        Submitted,
        new SweepEvent.SpecAmended(Sweep, "sweep: noise-by-capacity\ndata:\n  name: glyphs\nrequires:\n  label: gpu\n", Noon),
        new SweepEvent.FingerprintSettled(Sweep, "ab12", "lab-3", Noon),
        new SweepEvent.VersionAccepted(Sweep, "torchsharp-1 libtorch-2 memcluster-3", Noon),
        new SweepEvent.TrialAssigned(Key, 7, "lab-3", Noon),
        new SweepEvent.TrialLost(Key, 7, "lab-3 left the cluster", 4, Noon),
        new SweepEvent.TrialFinished(Key, 7, Outcome, TimeSpan.FromMilliseconds(61_001.5), Noon),
        new SweepEvent.TrialFailed(Key, 7, "InvalidOperationException: no \"room\" · at all", TimeSpan.FromDays(2), Noon),
        new SweepEvent.SweepHeld(Sweep, Holds.Stopped, Noon),
        new SweepEvent.SweepResumed(Sweep, Noon),
        new SweepEvent.SweepCancelled(Sweep, Noon),
        new SweepEvent.TrialsRetried(Sweep, true, Noon),
        new SweepEvent.SeedsAsked(Sweep, [new(1, 4, 3), new(5, 5, 8)], true, Noon),
        new SweepEvent.PrioritySet(Sweep, -5, Noon),
        new SweepEvent.SweepDeleted(Sweep, Noon),
        Batch,
        Found,
        new CoordinatorEvent.SweepForgotten(Sweep, Noon),
        new CoordinatorEvent.TrainerDrained("lab-3", Incarnation, true, Noon),
        new CoordinatorEvent.SweepRegistered(Sweep, Noon),
        new CoordinatorEvent.SweepEnded(Sweep, Noon),
        new CoordinatorEvent.TermBegan(12, "127.0.0.1:4053", Noon),
        new CoordinatorEvent.TermHeld(12, "127.0.0.1:4053", Noon),
        new SweepSnapshot(
            Submitted, Version, "ab12", [1, 2, 255], [new(Key, 7, "lab-3", Noon)], [new(3, 2, 9)]),
        new CoordinatorSnapshot(4, [Sweep, new("other")], [new("other")], [new(new("third"), 2)], [Incarnation]),
        new MetricsSnapshot([new(Key, 4), new(Other, 1)]),

        new TrainerWord.RegisterTrainer("lab-3", Incarnation, 1, Card, [Key, Other]),
        new TrainerWord.WantTrials("lab-3", Incarnation, 9),
        new TrainerWord.Heartbeat("lab-3", Incarnation, 9, [new(Key, 4)]),
        new TrainerWord.ReportMeasures("lab-3", Incarnation, Batch),
        new TrainerWord.ReportFindings("lab-3", Incarnation, Found),
        new TrainerWord.ReportEnd("lab-3", Incarnation, Key, Outcome, null, TimeSpan.FromSeconds(61)),
        new TrainerWord.ReportUnable("lab-3", Incarnation, Key, "mnist is not here"),
        new TrainerWord.TrainerLeaves("lab-3", Incarnation, "lab-3 was stopped", [new(Key, 4)]),
        new CoordinatorWord.TrainerRegistered(12, TimeSpan.FromSeconds(15), [Other]),
        new CoordinatorWord.RegisterAgain(12),
        new CoordinatorWord.TrainerRefused(12, "another one has that name"),
        new CoordinatorWord.ShowFingerprint(12),
        new CoordinatorWord.AssignTrials(12, [new(Key, 7, "label 0.4 · 128 · none · seed 0", Settings)]),
        new CoordinatorWord.MeasuresWritten(12, Key, 4),
        new CoordinatorWord.FindingsWritten(12, Key, 4),
        new CoordinatorWord.EndWritten(12, Key),
        new CoordinatorWord.TrialRevoked(12, Key),
        new CoordinatorWord.LeaveNoted(12),

        AskWhereabouts.Instance,
        new Whereabouts(12, "node1:4053", "https://node1:4080"),
        CoordinatorBusy.Instance,
        new NodeWord.WordTooLarge("assign-trials:1", 300_000, 256_000),
    ];

    public static TheoryData<string> Kinds => [.. MessageJson.Kinds.Keys];

    /// <summary>The word of this kind.</summary>
    public static IMessage Of(string kind) => All.Single(word => MessageJson.KindOf(word) == kind);
}
