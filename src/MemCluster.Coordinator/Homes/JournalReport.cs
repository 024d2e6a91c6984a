using MemCluster.Hosting;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>What a look at a journal found.</summary>
/// <param name="Version">Of its tables; null where there are none.</param>
/// <param name="HasUniqueKey">No stream can hold two events of one number: the last fence against two writers.</param>
/// <param name="Events">In all streams.</param>
/// <param name="Sweeps">Control streams of sweeps, deleted ones included.</param>
/// <param name="Bytes">On disk.</param>
/// <param name="Damage">What the database says of its own pages; empty where they are sound, or where it can't be asked.</param>
/// <param name="Holes">Streams whose numbers do not run from 1 without a gap; at most 20.</param>
/// <param name="Kinds">Of every event and snapshot: the name it was written under, and by which serializer.</param>
public sealed record JournalFacts(
    int? Version, bool HasUniqueKey, long Events, int Streams, int Sweeps, int Snapshots, long Bytes, IReadOnlyList<string> Damage,
    IReadOnlyList<string> Holes, IReadOnlyList<(string Kind, int Serializer)> Kinds)
{
    public static JournalFacts Empty { get; } = new(null, false, 0, 0, 0, 0, 0, [], [], []);
}

/// <summary>The findings as a person, or a script, wants them.</summary>
/// <param name="Problems">A sentence each; empty if the journal is in order.</param>
public sealed record JournalReport(
    string Journal, int? Version, long Events, int Streams, int Sweeps, int Snapshots, long Bytes, IReadOnlyList<string> Problems)
{
    /// <summary>With the event's chain, and without, as versions before it wrote.</summary>
    private static readonly int[] Ours = [JournalSerializer.Id, JsonMessageSerializer.Id];

    public static JournalReport Of(string name, JournalFacts facts) => new(
        name, facts.Version, facts.Events, facts.Streams, facts.Sweeps, facts.Snapshots, facts.Bytes, [.. ProblemsOf(name, facts)]);

    private static IEnumerable<string> ProblemsOf(string name, JournalFacts facts)
    {
        if (facts.Version is not { } version)
        {
            yield return $"{name} has no tables yet. Make them with: memcluster journal init";
            yield break;
        }

        if (JournalSchema.Problem(version, name) is { } problem)
        {
            yield return problem;
        }

        if (!facts.HasUniqueKey)
        {
            yield return "Its unique key of stream and number is gone: two coordinators could write over each other. Restore it from a copy.";
        }

        foreach (var damage in facts.Damage)
        {
            yield return $"The database is damaged: {damage}. Restore it from a copy.";
        }

        foreach (var stream in facts.Holes)
        {
            yield return $"Events are missing in {stream}: its numbers do not run from 1 without a gap. Restore it from a copy.";
        }

        foreach (var (kind, serializer) in facts.Kinds.Where(found => !Ours.Contains(found.Serializer) || !MessageJson.Kinds.ContainsKey(found.Kind)))
        {
            yield return Ours.Contains(serializer)
                ? $"It holds '{kind}', which this program does not know: it was written by a newer one. Use the newer one."
                : $"It holds '{kind}' of serializer {serializer}, which MemCluster did not write.";
        }
    }
}
