using System.Buffers.Binary;
using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Tests;

/// <summary>Small sweeps and rows to begin tests with.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public const string NoiseByCapacity = """
        sweep: noise-by-capacity
        question: Does label noise raise the width that a network needs?
        data:     { name: mnist, train: 5000, validation: 5000 }
        training: { epochs: 100, batch: 128, rate: 0.05, momentum: 0.9, stop-at-train-accuracy: 1.0 }
        axes:
          noise:       [none, label 0.2, label 0.4, label 0.8, input 0.5]
          capacity:    [32, 128, 512]
          regularizer: [none, dropout 0.5, weight-decay 1e-3]
        seeds: 3
        """;

    public static SweepSpec Spec(string yaml) => SpecFile.FromCanonical(yaml);

    public static ImmutableSortedDictionary<string, double> Accuracies(double best, double last) => ImmutableSortedDictionary<string, double>.Empty
        .Add(MeasureNames.ValidationAccuracyBest, best).Add(MeasureNames.ValidationAccuracyLast, last);

    /// <summary>The row of a trial, from 1, as the grid has it.</summary>
    public static TrialRow Row(SweepSpec spec, int trial, TrialState state, ImmutableSortedDictionary<string, double>? measures = null, int epochs = 100)
    {
        var grid = new Grid(spec);
        return new(
            trial, grid.ValuesAt(trial - 1), grid.SeedAt(trial - 1), state, epochs,
            measures ?? ImmutableSortedDictionary<string, double>.Empty, "0123456789abcdef", new CellId(1, (ulong)trial).ToString());
    }

    public static IEnumerable<TrialRow> Rows(SweepSpec spec, Func<int, TrialRow> rowOf) =>
        Enumerable.Range(1, new Grid(spec).Count).Select(rowOf);

    public static TrialKey Key(SweepSpec spec, int trial, int attempt = 1) => new(spec.Name, new CellId(0, (ulong)trial), attempt);

    public static SweepEvent Assigned(SweepSpec spec, int trial, int attempt = 1) =>
        new SweepEvent.TrialAssigned(Key(spec, trial, attempt), trial, "local/1", Noon);

    public static SweepEvent Lost(SweepSpec spec, int trial, int attempt = 1) =>
        new SweepEvent.TrialLost(Key(spec, trial, attempt), trial, "local/1 left", 3, Noon);

    public static SweepEvent Finished(SweepSpec spec, int trial, double best, double last, int attempt = 1) => new SweepEvent.TrialFinished(
        Key(spec, trial, attempt), trial, new TrialOutcome(TrialState.Finished, 100, Accuracies(best, last), "00"), TimeSpan.FromSeconds(9), Noon);

    public static SweepEvent Failed(SweepSpec spec, int trial, int attempt = 1) =>
        new SweepEvent.TrialFailed(Key(spec, trial, attempt), trial, "out of memory", TimeSpan.FromSeconds(1), Noon);

    public static TrialMeasured Measured(SweepSpec spec, int trial, int first, int last, int attempt = 1)
    {
        var names = new[] { MeasureNames.TrainAccuracy, MeasureNames.ValidationAccuracy };
        var values = new byte[(last - first + 1) * names.Length * sizeof(double)];
        for (var epoch = first; epoch <= last; epoch++)
        {
            var row = (epoch - first) * names.Length;
            BinaryPrimitives.WriteDoubleLittleEndian(values.AsSpan(row * sizeof(double)), epoch / 100.0);
            BinaryPrimitives.WriteDoubleLittleEndian(values.AsSpan((row + 1) * sizeof(double)), epoch / 200.0);
        }

        return new(Key(spec, trial, attempt), trial, first, names, values, [.. Enumerable.Repeat("00", last - first + 1)], Noon);
    }
}
