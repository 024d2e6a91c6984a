namespace MemCluster.Messages;

/// <summary>A sweep's state as of some event, so that recovery need not read them all. Events are never deleted.</summary>
/// <param name="Submitted">The first event.</param>
/// <param name="States">One <see cref="TrialState"/> byte per trial in grid order, deflated.</param>
/// <param name="Running">Trials under way.</param>
/// <param name="Lost">Trials that were lost and have no result yet.</param>
/// <param name="Spent">Attempts used up by trials that failed or were cancelled; null in snapshots of versions that could not retry them.</param>
/// <param name="Hold">One of <see cref="Holds"/>; null for none.</param>
/// <param name="Priority">Null for 0.</param>
/// <param name="Deleted">True, or null.</param>
/// <param name="Scores">As <paramref name="States"/>, of the trials that compute scores; null where there are none.</param>
/// <param name="Failed">Trials that failed and are to be tried elsewhere; null where there are none.</param>
/// <param name="Settled">True: no claim asks for more seeds; or null.</param>
public sealed record SweepSnapshot(
    SweepEvent.SweepSubmitted Submitted, string NumericsVersion, string? Fingerprint, byte[] States,
    IReadOnlyList<RunningSnapshot> Running, IReadOnlyList<LostSnapshot> Lost,
    IReadOnlyList<SpentSnapshot>? Spent = null, string? Hold = null, int? Priority = null, bool? Deleted = null,
    byte[]? Scores = null, IReadOnlyList<FailedSnapshot>? Failed = null, bool? Settled = null) : IMessage;

public sealed record RunningSnapshot(TrialKey Key, int Trial, string Trainer, DateTimeOffset Since);

/// <param name="Attempts">Used up so far.</param>
/// <param name="Epoch">Reached by the last of them.</param>
/// <param name="Fruitless">As in the state; null: none.</param>
public sealed record LostSnapshot(int Trial, int Attempts, int Epoch, int? Fruitless = null);

/// <param name="On">Trainers where it failed, once for each time.</param>
public sealed record FailedSnapshot(int Trial, IReadOnlyList<string> On);

public sealed record SpentSnapshot(int Trial, int Attempts);

/// <summary>The last epoch written of each trial that runs.</summary>
/// <param name="Found">The last part of its findings, where there are any; null in snapshots of versions that had none.</param>
public sealed record MetricsSnapshot(IReadOnlyList<HeldTrial> Written, IReadOnlyList<FoundTrial>? Found = null) : IMessage;

/// <param name="Part">The last one written.</param>
public sealed record FoundTrial(TrialKey Key, int Part);

/// <summary>What the coordinator's own stream says, as of some event of it.</summary>
/// <param name="Ended">Of the known: those that a later start need not open.</param>
/// <param name="Drained">Trainer processes that are to get no new trials.</param>
public sealed record CoordinatorSnapshot(
    long Term, IReadOnlyList<SweepId> Known, IReadOnlyList<SweepId> Ended, IReadOnlyList<ForgottenSnapshot> Forgotten, IReadOnlyList<Guid> Drained) : IMessage;

/// <param name="Times">So many sweeps of that name were deleted.</param>
public sealed record ForgottenSnapshot(SweepId Sweep, int Times);
