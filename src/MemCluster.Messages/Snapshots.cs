namespace MemCluster.Messages;

/// <summary>A sweep's state as of some event, so that recovery need not read them all. Events are never deleted.</summary>
/// <param name="Submitted">The first event.</param>
/// <param name="States">One <see cref="TrialState"/> byte per trial in grid order, deflated.</param>
/// <param name="Running">Trials under way.</param>
/// <param name="Lost">Attempts already used by trials that have no result yet, by place in the grid from 0.</param>
public sealed record SweepSnapshot(
    SweepEvent.SweepSubmitted Submitted, string NumericsVersion, string? Fingerprint, byte[] States,
    IReadOnlyList<RunningSnapshot> Running, IReadOnlyDictionary<int, int> Lost) : IMessage;

public sealed record RunningSnapshot(TrialKey Key, int Trial, string Trainer, DateTimeOffset Since);

/// <summary>The last epoch written of each trial that runs.</summary>
public sealed record MetricsSnapshot(IReadOnlyList<HeldTrial> Written) : IMessage;
