using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>Trials and epochs as short as tests like them.</summary>
internal static class Trials
{
    public static TrialKey Key(int trial, int attempt = 1) => new(new("s"), new(0, (ulong)trial), attempt);

    /// <summary>The seed is the trial's number, by which a script knows it again.</summary>
    public static TrialAssignment Assignment(int trial, int attempt = 1) =>
        new(Key(trial, attempt), trial, $"seed {trial}", new TrialSettings { Seed = (ulong)trial });

    public static EpochMeasures Epoch(int epoch) =>
        new(epoch, [.. Enumerable.Range(0, MeasureNames.Epoch.Length).Select(column => epoch + (column / 10.0))], $"{epoch:x16}");

    public static TrialOutcome Outcome(int epochs = 1) => new(TrialState.Finished, epochs, ImmutableSortedDictionary<string, double>.Empty, "");
}
