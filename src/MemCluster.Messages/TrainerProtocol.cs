namespace MemCluster.Messages;

/// <summary>Crosses the wire or is written to the journal; nothing else may.</summary>
public interface IMessage;

/// <summary>
/// What a trainer says. Every word may be lost or repeated: the trainer repeats it until it is answered, the coordinator knows repeats by the keys and numbers in it.
/// </summary>
/// <param name="Trainer">The trainer's name: unique in the cluster, kept over a restart where the operator gives one.</param>
/// <param name="Incarnation">New at each process start: an old process's words are told from the new one's.</param>
public abstract record TrainerWord(string Trainer, Guid Incarnation) : IMessage
{
    /// <summary>The first word, and again after every change of coordinator.</summary>
    /// <param name="Running">Trials that this process still holds, training or finished but not yet told.</param>
    public sealed record RegisterTrainer(
        string Trainer, Guid Incarnation, int ProtocolVersion, TrainerCard Card, IReadOnlyList<TrialKey> Running) : TrainerWord(Trainer, Incarnation)
    {
        /// <summary>The latest term that it has heard of; 0 for none. It ignores words of earlier ones, so a coordinator must begin a later one.</summary>
        [LaterSetting(0L)]
        public long Heard { get; init; }
    }

    /// <summary>The pull: how many trials it would hold in all, those it holds already included, so that a repeat asks for nothing twice.</summary>
    public sealed record WantTrials(string Trainer, Guid Incarnation, int Room) : TrainerWord(Trainer, Incarnation);

    /// <summary>Still here, still holding these trials: renews their leases. Sent every third of a lease.</summary>
    /// <param name="Room">As in <see cref="WantTrials"/>.</param>
    public sealed record Heartbeat(string Trainer, Guid Incarnation, int Room, IReadOnlyList<HeldTrial> Running) : TrainerWord(Trainer, Incarnation);

    /// <summary>Consecutive epochs of one trial; the numbers are as in <see cref="TrialMeasured"/>. Kept by the trainer until acknowledged.</summary>
    public sealed record ReportMeasures(string Trainer, Guid Incarnation, TrialMeasured Batch) : TrainerWord(Trainer, Incarnation);

    /// <summary>What measures found, in parts, before the epochs that they belong to. Kept by the trainer until acknowledged.</summary>
    public sealed record ReportFindings(string Trainer, Guid Incarnation, TrialFound Batch) : TrainerWord(Trainer, Incarnation);

    /// <summary>The end of a trial's training, after all its measures were acknowledged. Exactly one of outcome and error is there.</summary>
    public sealed record ReportEnd(
        string Trainer, Guid Incarnation, TrialKey Key, TrialOutcome? Outcome, string? Error, TimeSpan Spent) : TrainerWord(Trainer, Incarnation)
    {
        /// <summary>Epochs that were acknowledged: by a journal that has fewer now, the trial has not ended.</summary>
        [LaterSetting(0)]
        public int Written { get; init; }

        /// <summary>Its place in the grid, from 1.</summary>
        [LaterSetting(0)]
        public int Trial { get; init; }

        /// <summary>What the error is about, where there is one.</summary>
        [LaterSetting(FaultKind.Training)]
        public FaultKind Fault { get; init; }
    }

    /// <summary>This trainer can't train the trial for want of something of its own (its data set, say): no fault of the trial's, which goes to another.</summary>
    public sealed record ReportUnable(string Trainer, Guid Incarnation, TrialKey Key, string Why) : TrainerWord(Trainer, Incarnation);

    /// <summary>The trainer stops and gives its trials back; it wants no more.</summary>
    public sealed record TrainerLeaves(string Trainer, Guid Incarnation, string Why, IReadOnlyList<HeldTrial> HandedBack) : TrainerWord(Trainer, Incarnation);
}

/// <summary>What a trainer offers, and how it computes.</summary>
/// <param name="Slots">Trials that it trains at once.</param>
/// <param name="MemoryBytes">Physical memory of the machine.</param>
/// <param name="InstructionSet">What its process is, or would be, pinned to: <c>avx2</c>, <c>avx512</c>, <c>native</c>.</param>
/// <param name="Fingerprint">Digest of the weights after a fixed tiny training run; null until it is asked to show it (it loads libtorch).</param>
/// <param name="Fault">Why what it computes can't be trusted, found when it was asked for its fingerprint; null: nothing was found.</param>
public sealed record TrainerCard(
    string Host, int ProcessId, int Slots, int Cores, long MemoryBytes, string Device, string InstructionSet, string? Fingerprint, IReadOnlyList<string> Labels,
    string? Fault = null);

/// <param name="Epoch">Epochs measured so far.</param>
public sealed record HeldTrial(TrialKey Key, int Epoch);

/// <summary>What the coordinator says to a trainer. A word whose term is lower than one already heard is ignored.</summary>
public abstract record CoordinatorWord(long Term) : IMessage
{
    /// <param name="Lease">A trial whose trainer is silent for this long is given to another.</param>
    /// <param name="Revoked">Trials that the trainer named but that are no longer its own: stop them, say nothing more of them.</param>
    public sealed record TrainerRegistered(long Term, TimeSpan Lease, IReadOnlyList<TrialKey> Revoked) : CoordinatorWord(Term);

    /// <summary>Register again: this coordinator does not know you (it is new, or took you for lost).</summary>
    public sealed record RegisterAgain(long Term) : CoordinatorWord(Term);

    /// <summary>This trainer can't work here; the reason is a sentence for its operator.</summary>
    public sealed record TrainerRefused(long Term, string Reason) : CoordinatorWord(Term);

    /// <summary>A sweep with tensors waits: compute the fingerprint and register again with it.</summary>
    public sealed record ShowFingerprint(long Term) : CoordinatorWord(Term);

    /// <summary>Trials to train, each under a lease from now on. The numerics version is the sweep's.</summary>
    public sealed record AssignTrials(long Term, IReadOnlyList<TrialAssignment> Trials) : CoordinatorWord(Term);

    /// <summary>Epochs up to this one are on disk.</summary>
    public sealed record MeasuresWritten(long Term, TrialKey Key, int LastEpoch) : CoordinatorWord(Term);

    /// <summary>Findings up to this part are on disk.</summary>
    public sealed record FindingsWritten(long Term, TrialKey Key, int LastPart) : CoordinatorWord(Term);

    /// <summary>The end of the trial is on disk (or was, from an earlier telling): forget it.</summary>
    public sealed record EndWritten(long Term, TrialKey Key) : CoordinatorWord(Term);

    /// <summary>The trial is no longer yours: stop it, forget it.</summary>
    public sealed record TrialRevoked(long Term, TrialKey Key) : CoordinatorWord(Term);

    /// <summary>All that you handed back is written down: you may go.</summary>
    public sealed record LeaveNoted(long Term) : CoordinatorWord(Term);
}

/// <param name="Trial">Place in the grid, from 1; only for people.</param>
/// <param name="Label">The trial in a few words, for people: <c>label 0.4 · 128 · none · seed 0</c>.</param>
/// <param name="Trace">Where in a trace the attempt begins, as a W3C traceparent; null when nobody traces.</param>
/// <param name="Kept">
/// Of a trial that leaves out examples by scores: a bit for each training example, as in <see cref="KeptBits"/>. It follows from the settings and
/// from what other trials found; null where no scores are needed.
/// </param>
/// <param name="Limits">Null: none.</param>
/// <param name="Keep">Which weights are told besides; null: none.</param>
public sealed record TrialAssignment(
    TrialKey Key, int Trial, string Label, TrialSettings Settings, string? Trace = null, byte[]? Kept = null, TrialLimits? Limits = null, WeightsPlan? Keep = null);

/// <summary>The number that both sides of the protocol must share.</summary>
public static class Protocol
{
    public const int Version = 2;
}
