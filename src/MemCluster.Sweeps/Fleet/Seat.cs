using System.Collections.Immutable;
using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Where a trainer is, as far as the coordinator knows.</summary>
public enum Presence
{
    /// <summary>Nobody sits here: its trials wait for their trainer, after a restart of the coordinator or the loss of the trainer.</summary>
    Absent,

    Here,

    /// <summary>It says nothing: it gets nothing new, and keeps what it has while its leases last.</summary>
    Unreachable,

    /// <summary>It said that it goes.</summary>
    Leaving,
}

/// <summary>Trials that were asked of a sweep for a trainer, and are on their way through its journal.</summary>
/// <param name="Trials">How many at most.</param>
/// <param name="ChosenAt">When the trainer was chosen for them.</param>
public sealed record Order(SweepId Sweep, int Trials, DateTimeOffset ChosenAt);

/// <summary>What the coordinator knows of a trainer. Who is connected right now is not history: none of it is written down.</summary>
public sealed record Seat(string Name)
{
    public Presence Presence { get; init; }

    /// <summary>Of the process that sits here, or sat here last.</summary>
    public Guid Incarnation { get; init; }

    public TrainerCard? Card { get; init; }

    /// <summary>How many trials it would hold in all.</summary>
    public int Room { get; init; }

    public ImmutableDictionary<TrialKey, Lease> Held { get; init; } = ImmutableDictionary<TrialKey, Lease>.Empty;

    /// <summary>What it said it holds of sweeps that were not open yet: when they are, they find there whether their trials are still in hand.</summary>
    public ImmutableHashSet<TrialKey> Claims { get; init; } = [];

    /// <summary>Null if nothing is on its way.</summary>
    public Order? Ordered { get; init; }

    /// <summary>It was asked what its arithmetic gives.</summary>
    public bool AskedForFingerprint { get; init; }

    /// <summary>Sweeps that it can't work on, with the reason, until it registers again.</summary>
    public ImmutableSortedDictionary<SweepId, string> Refused { get; init; } = ImmutableSortedDictionary<SweepId, string>.Empty;

    /// <summary>Of those: the sweeps that it lacks something for, and is asked about again.</summary>
    public ImmutableSortedDictionary<SweepId, Lack> Lacks { get; init; } = ImmutableSortedDictionary<SweepId, Lack>.Empty;

    public Illness Illness { get; init; } = Illness.None;

    /// <summary>On the monotonic clock.</summary>
    public TimeSpan LastHeard { get; init; }

    /// <summary>When the process that sits here registered first, likewise.</summary>
    public TimeSpan SatAt { get; init; }

    /// <summary>Since when it would take a trial more, on the monotonic clock; null while it would not.</summary>
    public TimeSpan? RoomSince { get; init; }

    /// <summary>Somebody sits here who can be told something.</summary>
    public bool IsTaken => Presence != Presence.Absent;

    /// <summary>What is held, always in the same order: a history must not depend on how things are hashed.</summary>
    public IEnumerable<Lease> Leases => Held.Values.OrderBy(lease => lease.Key.Sweep).ThenBy(lease => lease.Trial).ThenBy(lease => lease.Key.Attempt);

    public long MemoryTaken => Held.Values.Sum(lease => lease.MemoryBytes);

    /// <summary>What it lost by its silence must not go to it again.</summary>
    /// <param name="lease">How long a trainer may be silent.</param>
    public bool IsSilent(TimeSpan now, TimeSpan lease) => LastHeard + lease < now;

    /// <param name="drained">An operator wants it to get nothing new.</param>
    public int Free(bool drained) => Presence != Presence.Here || drained || Ordered is not null || Illness.IsAside ? 0
        : Math.Max(0, (Illness.IsOnProbation ? Math.Min(1, Room) : Room) - Held.Count - Claims.Count);

    public TrainerStatus ToStatus(bool drained) => new(
        Name,
        Presence == Presence.Leaving ? "leaving"
            : drained ? Held.Count > 0 ? "draining" : "drained"
            : Presence == Presence.Unreachable ? "unreachable"
            : Illness.IsAside ? string.Create(CultureInfo.InvariantCulture, $"set aside until {Illness.UntilAt.UtcDateTime:HH:mm:ss} UTC: {Illness.Why}")
            : Illness.IsOnProbation ? $"tried again, one trial at a time: {Illness.Why}"
            : Refused.Count > 0 ? Refused.Values.Last() : "connected",
        Card?.Slots ?? 0,
        Math.Min(Held.Count, Card?.Slots ?? 0),
        Card!);
}
