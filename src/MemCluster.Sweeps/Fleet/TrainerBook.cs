using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What a trainer is about to do, and why, when it goes.</summary>
/// <param name="EpochWithin">Trials may first end the epoch they are in, if it does not take longer than this; null: they stop at once.</param>
/// <param name="StoppedAt">When the last training thread was last seen at work.</param>
public sealed record Farewell(string Why, TimeSpan? EpochWithin, TimeSpan Since, TimeSpan StoppedAt);

/// <summary>What a trainer knows of itself and its coordinator; its trials stand on the training floor, which outlives whoever speaks for it.</summary>
public sealed record TrainerBook(string Name, Guid Incarnation, TrainerCard Card)
{
    /// <summary>Until the coordinator says another.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The latest one heard of: words of earlier ones are those of a coordinator that has been replaced.</summary>
    public long Term { get; init; }

    public bool IsRegistered { get; init; }

    public int RoomSaid { get; init; }

    public TimeSpan HeartbeatAt { get; init; }

    /// <summary>Its fingerprint is being computed.</summary>
    public bool IsShowing { get; init; }

    public Farewell? Leaving { get; init; }
}

/// <summary>The training floor at one moment.</summary>
/// <param name="Hand">Its trials.</param>
/// <param name="Room">How many it would hold in all.</param>
/// <param name="Threads">Slots at work.</param>
public sealed record FloorView(ImmutableArray<TrialLedger> Hand, int Room, int Threads);

/// <summary>What a trainer hears.</summary>
public abstract record TrainerNews
{
    private TrainerNews() { }

    /// <summary>It has a way to the coordinator, for the first time or anew.</summary>
    public sealed record Connected : TrainerNews;

    public sealed record FromCoordinator(CoordinatorWord Word) : TrainerNews;

    /// <summary>A training thread measured an epoch, or ended.</summary>
    public sealed record FromFloor(TrialKey Key) : TrainerNews;

    /// <param name="Fault">Why what it computes can't be trusted; the coordinator is told of it, and gives this trainer nothing that needs tensors.</param>
    public sealed record FingerprintShown(string Fingerprint, string? Fault) : TrainerNews;

    /// <summary>The tensor library can't be used here at all.</summary>
    public sealed record NoFingerprint : TrainerNews;

    public sealed record Leave(string Why, TimeSpan? EpochWithin) : TrainerNews;

    /// <summary>Every second; more often while it leaves.</summary>
    public sealed record Tick : TrainerNews;
}

/// <summary>What a trainer is to do, in this order.</summary>
public abstract record TrainerEffect
{
    private TrainerEffect() { }

    /// <summary>To the coordinator, wherever it is.</summary>
    public sealed record Say(TrainerWord Word) : TrainerEffect;

    /// <summary>To the coordinator, what is due of this trial.</summary>
    public sealed record SayDue(TrialKey Key) : TrainerEffect;

    /// <summary>Begin to say again what was not answered: the coordinator is another one now.</summary>
    public sealed record SayAgain(TrialKey Key) : TrainerEffect;

    public sealed record Take(IReadOnlyList<TrialAssignment> Trials) : TrainerEffect;

    public sealed record Written(TrialKey Key, int LastEpoch) : TrainerEffect;

    public sealed record FindingsWritten(TrialKey Key, int LastPart) : TrainerEffect;

    /// <summary>The trial is no longer this trainer's.</summary>
    /// <param name="Ended">Its end is on disk: what was kept of it can be forgotten. Else another attempt may go on with that.</param>
    public sealed record Drop(TrialKey Key, bool Ended) : TrainerEffect;

    public sealed record StopAll : TrainerEffect;

    public sealed record Drain(TimeSpan Within) : TrainerEffect;

    public sealed record ShowFingerprint : TrainerEffect;

    /// <summary>The coordinator will not have this trainer; a sentence.</summary>
    public sealed record Refused(string Why) : TrainerEffect;

    /// <summary>The coordinator knows it.</summary>
    /// <param name="IsNew">It did not before, or is another one.</param>
    public sealed record Registered(bool IsNew) : TrainerEffect;

    /// <summary>All that was handed back is written down.</summary>
    public sealed record Left : TrainerEffect;
}
