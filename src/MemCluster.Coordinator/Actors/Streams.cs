using System.Globalization;
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

    /// <returns>Whose stream it is, and how many sweeps of that name were deleted before; null where the name is none of these.</returns>
    public static (SweepId Sweep, int Earlier)? SweepOf(string stream)
    {
        var name = stream.StartsWith("sweep-", StringComparison.Ordinal) ? stream["sweep-".Length..]
            : stream.StartsWith("metrics-", StringComparison.Ordinal) && stream.EndsWith("-0", StringComparison.Ordinal) ? stream["metrics-".Length..^2]
            : null;
        if (name is null)
        {
            return null;
        }

        var dot = name.LastIndexOf('.');
        return dot > 0 && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 1
            ? (new(name[..dot]), number - 1)
            : (new(name), 0);
    }

    private static string Number(int earlier) => earlier == 0 ? "" : $".{earlier + 1}";
}
