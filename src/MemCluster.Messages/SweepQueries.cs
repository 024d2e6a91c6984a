using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>Trials of a sweep by state.</summary>
/// <param name="Trials">Of a sweep whose claims ask for seeds: as many as they can ask for, until they ask for no more; then those that they asked for.</param>
/// <param name="Waiting">Of the pending ones: those whose scores are not there yet, and those that no claim has asked for.</param>
public sealed record TrialCounts(int Trials, int Pending, int Running, int Finished, int Diverged, int Failed, int Cancelled, int Waiting = 0)
{
    /// <summary>Trials that only compute scores for others; they are no cells of the grid, and in none of the numbers above. Null where there are none.</summary>
    public TrialCounts? Scores { get; init; }

    /// <summary>Trials are numbered up to here where claims asked for fewer than there could be; null: up to <see cref="Trials"/>.</summary>
    public int? Places { get; init; }

    /// <summary>The highest number that a trial of the grid can have.</summary>
    [JsonIgnore]
    public int LastTrial => Places ?? Trials;

    /// <summary>Trials that can be handed out, those that compute scores included.</summary>
    [JsonIgnore]
    public int Ready => Pending - Waiting + (Scores?.Ready ?? 0);

    /// <summary>Under way, those that compute scores included.</summary>
    [JsonIgnore]
    public int AtWork => Running + (Scores?.AtWork ?? 0);

    /// <summary>Every trial has ended, those that compute scores included.</summary>
    [JsonIgnore]
    public bool AllEnded => Pending == 0 && Running == 0 && (Scores?.AllEnded ?? true);

    /// <summary>Ended with a result.</summary>
    public int Done => Finished + Diverged;

    /// <summary>Ended, with a result or without.</summary>
    public int Ended => Done + Failed + Cancelled;
}

/// <summary>A line of <c>list</c>.</summary>
/// <param name="State">
/// <c>running</c>, <c>paused</c>, <c>stopping</c> (running trials go on to their end), <c>stopped</c> (also: no coordinator is at work on it),
/// <c>cancelled</c> (every trial ended, some of them so), <c>finished</c> (every trial ended).
/// </param>
/// <param name="Waiting">Why pending trials are not handed out, in a sentence; null when they are, or nobody is at work who would know.</param>
public sealed record SweepSummary(SweepId Sweep, string Question, string State, TrialCounts Counts, DateTimeOffset SubmittedAt, int Priority = 0,
    string? Waiting = null)
{
    /// <summary>Attempts that were given up because the journal no longer had epochs of them that it had acknowledged.</summary>
    [LaterSetting(0)]
    public int JournalLost { get; init; }

    /// <summary>How many seeds its claims have asked for; null where they don't ask.</summary>
    public SeedsSoFar? Seeds { get; init; }

    /// <summary>State of a sweep of which this version can't read what it is; what is said beside it says why.</summary>
    public const string CannotBeRead = "unreadable";
}

/// <summary>Seeds of a sweep whose claims say how many are enough.</summary>
/// <param name="Least">Of the configuration that has been asked for the fewest.</param>
/// <param name="Most">For the most.</param>
/// <param name="AtMost">More are never asked for.</param>
/// <param name="Done">No claim asks for more.</param>
public sealed record SeedsSoFar(int Least, int Most, int AtMost, bool Done)
{
    /// <summary>What is said of it: <c>3 to 8 of at most 40 seeds</c>.</summary>
    [JsonIgnore]
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{(Least == Most ? "" : $"{Least} to ")}{Most} of at most {AtMost} seeds");
}

/// <summary>What a control verb did.</summary>
/// <param name="Summary">The sweep after it; null where it was refused.</param>
/// <param name="Trials">That changed their state by it.</param>
/// <param name="Refused">Why nothing was done; empty when it was.</param>
public sealed record ControlReply(SweepSummary? Summary, int Trials, string Refused);

/// <summary>What <c>status</c> shows of one sweep.</summary>
/// <param name="EpochsPerSecond">Over the last seconds; 0 when nothing runs.</param>
/// <param name="SecondsLeft">Estimate from the pace so far; null when there is none yet.</param>
/// <param name="Waiting">Why pending trials are not handed out, if that is so: a sentence for the operator; else empty.</param>
public sealed record SweepStatus(
    SweepSummary Summary, double EpochsPerSecond, double? SecondsLeft, string Waiting,
    IReadOnlyList<RunningTrial> Running, IReadOnlyList<TrainerStatus> Trainers)
{
    /// <summary>Why nothing that is measured can be written down at this moment, half a sentence; null while it can.</summary>
    public string? Trouble { get; init; }
}

/// <param name="Epochs">At most this many.</param>
/// <param name="TrainAccuracy">After <paramref name="Epoch"/>; null when not measured yet.</param>
public sealed record RunningTrial(
    int Trial, string Label, int Attempt, string Trainer, DateTimeOffset Since, int Epoch, int Epochs, double? TrainAccuracy, double? ValidationAccuracy);

/// <param name="State"><c>connected</c>, <c>leaving</c>, <c>unreachable</c>, <c>draining</c>, <c>drained</c>, <c>probation</c> (it was set aside, and gets one trial at a time until one ends well), or a sentence that says why it gets no work.</param>
public sealed record TrainerStatus(string Trainer, string State, int Slots, int Busy, TrainerCard Card);

/// <summary>A row of trials.csv.</summary>
/// <param name="Settings">Value of each axis, in the sweep's order, in short form.</param>
public sealed record TrialRow(
    int Trial, ImmutableArray<string> Settings, ulong Seed, TrialState State, int Epochs,
    ImmutableSortedDictionary<string, double> Measures, string Weights, string Cell)
{
    /// <summary>As <see cref="TrialOutcome.Absent"/>.</summary>
    public ImmutableSortedDictionary<string, Absence>? Absent { get; init; }
}

/// <summary>A row of attempts.csv.</summary>
/// <param name="Ended"><c>finished</c>, <c>diverged</c>, <c>failed: …</c>, <c>lost: …</c>, <c>handed back: …</c>, or empty while it runs.</param>
/// <param name="Epoch">Epochs measured when it ended.</param>
/// <param name="LongestEpoch">Seconds of the longest epoch but the first (which begins with the data), by the trainer's clock; null before the second.</param>
/// <param name="Checkpoint">Epochs that it took over from an attempt before it; null: it began at the beginning.</param>
public sealed record AttemptRow(
    int Trial, int Attempt, string Trainer, DateTimeOffset AssignedAt, DateTimeOffset? EndedAt, string Ended, int Epoch, double? Seconds,
    double? LongestEpoch = null, int? Checkpoint = null);

/// <summary>All that is known of one trial.</summary>
/// <param name="Label">Its settings in a few words: <c>label 0.4 · 128 · none · seed 0</c>.</param>
/// <param name="Attempts">In order; the last may still be under way.</param>
/// <param name="Running">The attempt under way as it stands right now; null if there is none, or nobody knows.</param>
/// <param name="Waiting">Of a pending trial: why nobody can take it; null if it is only a matter of free slots.</param>
public sealed record TrialStory(
    TrialRow Row, string Label, IReadOnlyList<AttemptRow> Attempts, RunningTrial? Running, string? Waiting = null)
{
    /// <summary>Numbers that are not finite, by epoch and measure; null if there are none.</summary>
    public IReadOnlyList<AbsenceRow>? Absent { get; init; }
}

/// <summary>How far the trials of each value of an axis are.</summary>
public sealed record AxisProgress(string Axis, IReadOnlyList<ValueProgress> Values);

/// <param name="Trials">That have this value.</param>
/// <param name="Ended">Of these, with a result or without.</param>
public sealed record ValueProgress(string Value, int Trials, int Ended);

/// <summary>What submitting a spec did.</summary>
/// <param name="Problems">Why it was refused, a sentence each; empty if it was taken.</param>
/// <param name="Interrupted">Trials that were under way when the last coordinator stopped, with the epochs they had reached.</param>
public sealed record SubmitReply(
    SweepId Sweep, bool Continued, TrialCounts Counts, IReadOnlyList<HeldTrial> Interrupted, IReadOnlyList<string> Problems);

/// <summary>Body of a drain.</summary>
/// <param name="Undo">Let it have trials again.</param>
public sealed record DrainRequest(bool Undo = false);

/// <param name="Spec">The text of a sweep file, with every <c>--set</c> already applied (canonical YAML will do).</param>
/// <param name="AcceptVersion">Continue even though the sweep was begun under another numerics version.</param>
public sealed record SubmitRequest(string Spec, bool AcceptVersion);
