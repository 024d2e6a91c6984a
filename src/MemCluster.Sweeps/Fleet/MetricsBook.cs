using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>How far the attempts under way are in a sweep's metric stream. A batch is taken if it goes on where the last one ended.</summary>
public sealed record MetricsBook
{
    public static readonly MetricsBook Empty = new();

    private ImmutableDictionary<TrialKey, int> Epochs { get; init; } = ImmutableDictionary<TrialKey, int>.Empty;

    private ImmutableDictionary<TrialKey, int> Parts { get; init; } = ImmutableDictionary<TrialKey, int>.Empty;

    public IReadOnlyList<HeldTrial> Written => [.. Epochs.Select(entry => new HeldTrial(entry.Key, entry.Value))];

    public int LastEpoch(TrialKey key) => Epochs.GetValueOrDefault(key);

    public int LastPart(TrialKey key) => Parts.GetValueOrDefault(key);

    public BatchFate FateOf(TrialMeasured batch) => FateOf(batch.FirstEpoch, LastEpoch(batch.Key));

    public BatchFate FateOf(TrialFound batch) => FateOf(batch.FirstPart, LastPart(batch.Key));

    public MetricsBook Apply(TrialMeasured batch) => this with { Epochs = Epochs.SetItem(batch.Key, batch.LastEpoch) };

    public MetricsBook Apply(TrialFound batch) => this with { Parts = Parts.SetItem(batch.Key, batch.LastPart) };

    /// <summary>The attempt is over: nothing more of it will be taken.</summary>
    public MetricsBook Forget(TrialKey key) => this with { Epochs = Epochs.Remove(key), Parts = Parts.Remove(key) };

    /// <summary>Only these are under way.</summary>
    public MetricsBook Keep(IReadOnlyCollection<TrialKey> running)
    {
        var kept = running.ToHashSet();
        return this with
        {
            Epochs = Epochs.RemoveRange(Epochs.Keys.Where(key => !kept.Contains(key))),
            Parts = Parts.RemoveRange(Parts.Keys.Where(key => !kept.Contains(key))),
        };
    }

    public MetricsSnapshot ToSnapshot() => new(Written, Parts.IsEmpty ? null : [.. Parts.Select(entry => new FoundTrial(entry.Key, entry.Value))]);

    public static MetricsBook From(MetricsSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new()
        {
            Epochs = snapshot.Written.ToImmutableDictionary(held => held.Key, held => held.Epoch),
            Parts = (snapshot.Found ?? []).ToImmutableDictionary(found => found.Key, found => found.Part),
        };
    }

    private static BatchFate FateOf(int first, int last) => first == last + 1 ? BatchFate.Fresh : first <= last ? BatchFate.Repeat : BatchFate.Gap;
}
