using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>What trainers would have measured.</summary>
internal static class Outcomes
{
    public static TrialOutcome Finished(int epochs = 3, TrialState state = TrialState.Finished) => new(
        state, epochs, ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.ValidationAccuracyBest, 0.5), "00ff00ff00ff00ff");

    /// <summary>Epochs first to last of an attempt; each train accuracy is attempt + epoch / 100, so that it tells where it is from.</summary>
    public static TrialMeasured Measured(TrialKey key, int trial, int first, int last)
    {
        var epochs = Enumerable.Range(first, last - first + 1).ToArray();
        var numbers = epochs.SelectMany(epoch => new[] { double.NaN, key.Attempt + (epoch / 100.0) }).ToArray();
        return new(
            key, trial, first, [MeasureNames.TrainAccuracyCorrupted, MeasureNames.TrainAccuracy], MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray(),
            [.. epochs.Select(epoch => $"{key.Attempt:x8}{epoch:x8}")], DateTimeOffset.UnixEpoch, [.. epochs.Select(epoch => 1000 - epoch)]);
    }
}
