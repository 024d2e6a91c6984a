using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>Events of one eventful sweep, as two streams, and what the rows must then say.</summary>
internal static class Story
{
    public static readonly SweepSpec Spec =
        SpecFile.FromCanonical("sweep: s\nnetwork: { kind: sleep, seconds: 0 }\ntraining: { epochs: 4 }\nseeds: 4\n");

    private static readonly Grid Grid = new(Spec);

    /// <summary>
    /// Trial 1 is lost after 3 epochs and finished by a second attempt of 2, trial 2 fails after 1 epoch, trial 3 runs, trial 4 is pending.
    /// </summary>
    public static IReadOnlyList<IMessage> InOrder { get; } =
    [
        new SweepEvent.SweepSubmitted(Spec.Name, Spec.Canonical, Spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version, 4, At(0)),
        new SweepEvent.TrialAssigned(Key(1, 1), 1, "lab-1", At(1)),
        Outcomes.Measured(Key(1, 1), 1, 1, 3),
        new SweepEvent.TrialLost(Key(1, 1), 1, "lab-1 left", 3, At(2)),
        new SweepEvent.TrialAssigned(Key(1, 2), 1, "lab-2", At(3)),
        new SweepEvent.TrialAssigned(Key(2, 1), 2, "lab-2", At(3)),
        Outcomes.Measured(Key(1, 2), 1, 1, 2),
        Outcomes.Measured(Key(2, 1), 2, 1, 1),
        new SweepEvent.TrialFailed(Key(2, 1), 2, "it threw", TimeSpan.FromSeconds(1), At(4)),
        new SweepEvent.TrialFinished(Key(1, 2), 1, Outcomes.Finished(2), TimeSpan.FromSeconds(6), At(5)),
        new SweepEvent.TrialAssigned(Key(3, 1), 3, "lab-2", At(6)),
        Outcomes.Measured(Key(3, 1), 3, 1, 1),
    ];

    public static IReadOnlyList<IMessage> Control { get; } = [.. InOrder.Where(happened => happened is SweepEvent)];

    public static IReadOnlyList<IMessage> Metrics { get; } = [.. InOrder.Where(happened => happened is TrialMeasured)];

    /// <summary>As they are told live.</summary>
    public static IReadOnlyList<Written> Told { get; } = [.. InOrder.Select(happened => happened is SweepEvent
        ? new Written("sweep-s", Control.ToList().IndexOf(happened) + 1, happened)
        : new Written("metrics-s-0", Metrics.ToList().IndexOf(happened) + 1, happened))];

    /// <summary>Every row there is, as text.</summary>
    public static string Rows(string file)
    {
        var reader = new ReadModelReader(file);
        var lines = new List<string>();
        foreach (var sweep in reader.Sweeps())
        {
            lines.Add($"{sweep.Sweep} {sweep.NumericsVersion} {sweep.Counts}");
            lines.AddRange(reader.Trials(sweep).Select(row =>
                $"{row.Trial} {row.Seed} {row.State} {row.Epochs} {string.Join(' ', row.Measures)} {row.Weights} {row.Cell}"));
            lines.AddRange(reader.Measured.Rows(sweep).Select(row => row.ToString()));
            lines.AddRange(reader.Attempts(sweep).Select(row => row.ToString()));
        }

        lines.AddRange(reader.Timings().Select(timing => timing.ToString()));
        return string.Join('\n', lines);
    }

    public static TrialKey Key(int trial, int attempt) => new(Spec.Name, Grid.CellAt(trial - 1), attempt);

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
