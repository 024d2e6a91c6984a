using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>Names of the journal's streams. Events are never deleted: a name's next sweep begins streams of its own.</summary>
public static class Streams
{
    public const string Coordinator = "coordinator";

    /// <summary>What happens to a sweep's trials.</summary>
    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    public static string Control(SweepId sweep, int earlier = 0) => $"sweep-{sweep}{Number(earlier)}";

    /// <summary>What its trials measure.</summary>
    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    public static string Metrics(SweepId sweep, int earlier = 0) => $"metrics-{sweep}{Number(earlier)}-0";

    private static string Number(int earlier) => earlier == 0 ? "" : $".{earlier + 1}";
}
