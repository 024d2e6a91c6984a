using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>What is said of a stream that can't be read, and what to do.</summary>
internal static class StreamTrouble
{
    /// <param name="broken">What is wrong, a sentence.</param>
    public static string Sentence(SweepId sweep, string broken) =>
        $"{sweep} can't be read from the journal: {broken} What is left of it is found by: memcluster audit {sweep}";

    /// <param name="broken">What is wrong, a sentence.</param>
    public static string OfCoordinator(string broken) =>
        $"Which sweeps the journal holds can't be read: {broken} Restore the journal from a copy, or see what is left of it with: memcluster audit";
}
