using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>What happened in a sweep: its control stream. Metric events stand in streams of their own, so that recovery never reads them.</summary>
public abstract record SweepEvent : IMessage
{
    private SweepEvent() { }

    /// <summary>The first event of a sweep. The list of trials is not in it: the spec expands to it again, and the digest shows that it is the same.</summary>
    /// <param name="Spec">Canonical YAML.</param>
    /// <param name="Digest">The spec's structural digest.</param>
    /// <param name="ExpansionVersion">Of the rule that turns a spec into a grid.</param>
    /// <param name="NumericsVersion"><see cref="NumericsSettings.Version"/> of the program that began the sweep.</param>
    /// <param name="Trials">How many trials it expands to.</param>
    public sealed record SweepSubmitted(
        SweepId Sweep, string Spec, string Digest, int ExpansionVersion, string NumericsVersion, int Trials, DateTimeOffset At) : SweepEvent;

    /// <summary>The file says something else that is no part of the trials' identity: what they require, the question, how its claims ask for seeds.</summary>
    /// <param name="Spec">Canonical YAML from here on; its digest is the one of <see cref="SweepSubmitted"/>.</param>
    public sealed record SpecAmended(SweepId Sweep, string Spec, DateTimeOffset At) : SweepEvent;

    /// <summary>The first trainer to get a trial settled what arithmetic the whole sweep is done in.</summary>
    public sealed record FingerprintSettled(SweepId Sweep, string Fingerprint, string Trainer, DateTimeOffset At) : SweepEvent;

    /// <summary>The sweep goes on under another numerics version because somebody said so.</summary>
    public sealed record VersionAccepted(SweepId Sweep, string NumericsVersion, DateTimeOffset At) : SweepEvent;

    public sealed record TrialAssigned(TrialKey Key, int Trial, string Trainer, DateTimeOffset At) : SweepEvent;

    /// <summary>The attempt is over without a result; the trial is pending again.</summary>
    /// <param name="Epoch">The last epoch known to have been measured; 0 if none.</param>
    /// <param name="HandedBack">True: its trainer gave it back in good order; null: it was lost.</param>
    /// <param name="JournalLost">True: the journal no longer had epochs of it that it had acknowledged, so nobody could go on with it; else null.</param>
    /// <param name="Fault">It failed there, and is to be tried elsewhere; null: nothing that counts against the trial, or the machine.</param>
    public sealed record TrialLost(
        TrialKey Key, int Trial, string Why, int Epoch, DateTimeOffset At, bool? HandedBack = null, Fault? Fault = null, bool? JournalLost = null) : SweepEvent;

    /// <param name="Measured">The last event of the sweep's metric stream by then; null in events of versions that did not tell.</param>
    public sealed record TrialFinished(
        TrialKey Key, int Trial, TrialOutcome Outcome, TimeSpan Spent, DateTimeOffset At, StreamHead? Measured = null) : SweepEvent;

    public sealed record TrialFailed(TrialKey Key, int Trial, string Error, TimeSpan Spent, DateTimeOffset At) : SweepEvent;

    /// <summary>No new trials from here on.</summary>
    /// <param name="Hold">One of <see cref="Holds"/>.</param>
    public sealed record SweepHeld(SweepId Sweep, string Hold, DateTimeOffset At) : SweepEvent;

    public sealed record SweepResumed(SweepId Sweep, DateTimeOffset At) : SweepEvent;

    /// <summary>Every trial that was pending or under way ended as cancelled. A hold is lifted with it: there is nothing left to hold.</summary>
    public sealed record SweepCancelled(SweepId Sweep, DateTimeOffset At) : SweepEvent;

    /// <summary>Every failed trial is pending again, and every cancelled one unless only the failed were meant.</summary>
    public sealed record TrialsRetried(SweepId Sweep, bool OnlyFailed, DateTimeOffset At) : SweepEvent;

    /// <summary>What its claims ask for by now, where they say how many seeds are enough. Trials that nobody had asked for are pending from here on.</summary>
    /// <param name="Asked">Every configuration, in order: all its seeds so far, not only those that came to it.</param>
    /// <param name="Done">Nobody asks for more: when these trials have ended the sweep is over. A retry, or another spec, opens the question again.</param>
    public sealed record SeedsAsked(SweepId Sweep, IReadOnlyList<SeedsOf> Asked, bool Done, DateTimeOffset At) : SweepEvent;

    public sealed record PrioritySet(SweepId Sweep, int Priority, DateTimeOffset At) : SweepEvent;

    /// <summary>The last event of its stream: nothing follows it. The next sweep of that name has streams of its own.</summary>
    public sealed record SweepDeleted(SweepId Sweep, DateTimeOffset At) : SweepEvent;
}

/// <summary>Why a sweep gives out no trials though some are pending.</summary>
public static class Holds
{
    public const string None = "";
    public const string Paused = "paused";
    public const string Stopped = "stopped";
}

/// <summary>
/// Consecutive epochs of one attempt, packed: the metric streams' only event. Its numbers count epochs, so that a repeated batch is known by them.
/// </summary>
/// <param name="FirstEpoch">Epoch of the first row, from 1.</param>
/// <param name="Measures">Names of the columns.</param>
/// <param name="Values">Rows × columns float64, little-endian; NaN where a measure has no value. At most 64 KiB.</param>
/// <param name="Weights">One digest of the weights per row.</param>
/// <param name="At">When the trainer packed them, by its clock.</param>
/// <param name="Milliseconds">
/// How long each row's epoch took, waiting included, by the trainer's monotonic clock: from the end of the one before, or the trial's begin. Null
/// in events of versions that did not tell.
/// </param>
/// <param name="Checkpoint">
/// Of an attempt's first epochs: it went on from a checkpoint after this epoch, so those up to it are told again, not trained. Null: it began at
/// the beginning.
/// </param>
public sealed record TrialMeasured(
    TrialKey Key, int Trial, int FirstEpoch, IReadOnlyList<string> Measures, byte[] Values, IReadOnlyList<string> Weights, DateTimeOffset At,
    IReadOnlyList<int>? Milliseconds = null, int? Checkpoint = null) : IMessage
{
    [JsonIgnore]
    public int LastEpoch => FirstEpoch + Weights.Count - 1;
}

/// <summary>
/// What the spec's own measures found in one attempt, in parts, which count from 1: a repeated batch is known by their numbers. In the metric
/// streams, before the epoch that they were told with.
/// </summary>
/// <param name="FirstPart">Number of the first.</param>
/// <param name="Parts">At most 48 KiB of values in all.</param>
public sealed record TrialFound(TrialKey Key, int Trial, int FirstPart, IReadOnlyList<FindingPart> Parts, DateTimeOffset At) : IMessage
{
    [JsonIgnore]
    public int LastPart => FirstPart + Parts.Count - 1;
}

/// <summary>What the coordinator itself remembers: which sweeps there are, and its own terms of office.</summary>
public abstract record CoordinatorEvent : IMessage
{
    private CoordinatorEvent() { }

    public sealed record SweepRegistered(SweepId Sweep, DateTimeOffset At) : CoordinatorEvent;

    /// <summary>Every trial has ended: a later start need not read the sweep's stream.</summary>
    /// <param name="Control">The last event of its control stream by then; null in events of versions that did not tell.</param>
    public sealed record SweepEnded(SweepId Sweep, DateTimeOffset At, StreamHead? Control = null) : CoordinatorEvent;

    /// <summary>The sweep's stream has ended with its deletion. Counted by name: so many sweeps of that name were there before the next.</summary>
    public sealed record SweepForgotten(SweepId Sweep, DateTimeOffset At) : CoordinatorEvent;

    /// <summary>A trainer is to get no new trials, or may have them again. It holds for this process of that name: started again, it works again.</summary>
    public sealed record TrainerDrained(string Trainer, Guid Incarnation, bool Drained, DateTimeOffset At) : CoordinatorEvent;

    /// <summary>A coordinator began. Its term is the fencing number in every word to a trainer: a word of an older term is ignored.</summary>
    public sealed record TermBegan(long Term, string Node, DateTimeOffset At) : CoordinatorEvent;

    /// <summary>
    /// Written after a write of a sweep failed: it fails too if the reason was another coordinator, whose term then stands in the journal.
    /// </summary>
    public sealed record TermHeld(long Term, string Node, DateTimeOffset At) : CoordinatorEvent;
}
