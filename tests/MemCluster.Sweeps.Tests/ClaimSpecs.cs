using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>A sweep of two axes with a claim to be filled in, and rows of its trials.</summary>
internal static class ClaimSpecs
{
    public const string Text = """
        sweep: s
        data: { name: mnist, train: 5000 }
        training: { epochs: 100 }
        axes:
          noise:    [none, label 0.2, label 0.4]
          capacity: [32, 128]
        seeds: 3
        claims:
          c:

        """;

    public static SweepSpec Spec(string claim, params string[] sets)
    {
        var reading = SpecFile.ParseFile(Text.Replace("  c:", $"  c: {{ {claim} }}", StringComparison.Ordinal), "s.yaml", sets, null);
        Assert.True(reading.Spec is not null, string.Join('\n', reading.Problems));
        return SpecFile.FromCanonical(reading.Spec.Canonical);
    }

    public static TrialRow Row(int trial, TrialState state, double value) => new(trial, [], 0, state, 100,
        new Dictionary<string, double>
        {
            [MeasureNames.ValidationAccuracyBest] = value,
            [MeasureNames.TrainLoss] = 0.1,
            [MeasureNames.ConvergenceEpoch] = value,
        }.Where(pair => double.IsFinite(pair.Value)).ToImmutableSortedDictionary(), "", "");
}
