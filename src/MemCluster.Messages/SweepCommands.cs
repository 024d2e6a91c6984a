using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>What the sweep's rules can be asked to do. Each is answered with a <see cref="SweepReply"/>, after what it caused is written down.</summary>
public abstract record SweepCommand
{
    private SweepCommand() { }

    /// <summary>A trainer has room for this many trials more.</summary>
    /// <param name="Trainer">The trainer's name.</param>
    /// <param name="Room">At least 1.</param>
    /// <param name="InstructionSet">What its process is pinned to: <c>avx2</c> or <c>native</c>.</param>
    /// <param name="Fingerprint">What its tensor arithmetic gives on a fixed training run; empty for a workload without tensors.</param>
    /// <param name="Fault">As in <see cref="TrainerCard.Fault"/>.</param>
    /// <param name="UpTo">So many of the sweep's trials may then be under way with it in all; null: no such limit.</param>
    /// <param name="Elsewhere">Other trainers that could do the sweep's trials: one that failed here waits for them.</param>
    public sealed record AssignTrials(
        string Trainer, int Room, string InstructionSet, string Fingerprint, string? Fault = null, int? UpTo = null,
        IReadOnlyList<string>? Elsewhere = null) : SweepCommand;

    /// <summary>Training ended with a result.</summary>
    public sealed record ReportFinished(TrialKey Key, TrialOutcome Outcome, TimeSpan Spent) : SweepCommand;

    /// <summary>Training ended without a result.</summary>
    /// <param name="Fault">Null: it fails for good, wherever it is tried.</param>
    /// <param name="Elsewhere">Trainers that could try it, besides the one where it failed.</param>
    /// <param name="Epoch">The last epoch that it was known to have measured; 0 if none.</param>
    public sealed record ReportFailed(
        TrialKey Key, string Error, TimeSpan Spent, Fault? Fault = null, IReadOnlyList<string>? Elsewhere = null, int Epoch = 0) : SweepCommand;

    /// <summary>A trainer gives a trial back, or its lease ran out, or it left.</summary>
    /// <param name="Epoch">The last epoch that it was known to have measured; 0 if none.</param>
    /// <param name="HandedBack">Its trainer gave it back in good order.</param>
    /// <param name="JournalLost">The journal lost epochs of it that it had acknowledged.</param>
    public sealed record ReleaseTrial(TrialKey Key, string Why, int Epoch, bool HandedBack = false, bool JournalLost = false) : SweepCommand;

    /// <summary>Its claims have been looked at, all trials asked for so far having ended. Answered with <see cref="SweepReply.Changed"/>.</summary>
    /// <param name="Wanted">Seeds that they want, by configuration; those that are there already count.</param>
    public sealed record AskSeeds(IReadOnlyList<SeedsOf> Wanted) : SweepCommand;

    /// <summary>What an operator asks of a whole sweep. Answered with <see cref="SweepReply.Changed"/> or <see cref="SweepReply.Refused"/>.</summary>
    public abstract record Control : SweepCommand
    {
        /// <summary>By the names they have at every door.</summary>
        public static readonly IReadOnlyDictionary<string, Type> Verbs = new Dictionary<string, Type>
        {
            ["pause"] = typeof(PauseSweep),
            ["stop"] = typeof(StopSweep),
            ["resume"] = typeof(ResumeSweep),
            ["cancel"] = typeof(CancelSweep),
            ["retry"] = typeof(RetryTrials),
            ["priority"] = typeof(SetPriority),
            ["delete"] = typeof(DeleteSweep),
        };

        private Control() { }

        [JsonIgnore]
        public string Verb => Verbs.First(verb => verb.Value == GetType()).Key;

        /// <summary>No new trials until it is resumed; those under way go on to their end. Who follows the sweep waits.</summary>
        public sealed record PauseSweep : Control;

        /// <summary>No new trials until it is resumed; those under way go on to their end. Then it is over for now, and who follows it is done.</summary>
        public sealed record StopSweep : Control;

        /// <summary>Lifts a pause or a stop.</summary>
        public sealed record ResumeSweep : Control;

        /// <summary>Pending trials and those under way end as cancelled.</summary>
        public sealed record CancelSweep : Control;

        /// <summary>Failed and cancelled trials become pending again, under their next attempt numbers.</summary>
        /// <param name="OnlyFailed">Leave the cancelled ones as they are.</param>
        public sealed record RetryTrials(bool OnlyFailed = false) : Control;

        /// <summary>The sweep is no more and its name is free. Only while nothing of it runs.</summary>
        public sealed record DeleteSweep : Control;

        /// <summary>Sweeps of a higher priority get free slots first; equals share them.</summary>
        /// <param name="Priority">−100 to 100; 0 unless said.</param>
        public sealed record SetPriority([property: JsonRequired] int Priority) : Control
        {
            public const int Most = 100;
        }
    }
}

/// <summary>What the rules answer.</summary>
public abstract record SweepReply
{
    private SweepReply() { }

    public sealed record Assigned(IReadOnlyList<AssignedTrial> Trials) : SweepReply;

    /// <summary>Nothing is pending, or this trainer may not run it.</summary>
    /// <param name="Reason">Empty when there is simply nothing pending.</param>
    public sealed record NothingToDo(string Reason) : SweepReply;

    public sealed record Noted : SweepReply;

    /// <summary>It is so.</summary>
    /// <param name="Trials">How many trials changed their state by it.</param>
    public sealed record Changed(int Trials) : SweepReply;

    /// <summary>It makes no sense as things are; nothing changed.</summary>
    /// <param name="Why">A sentence for the operator.</param>
    public sealed record Refused(string Why) : SweepReply;

    /// <summary>The word belongs to an attempt that is no longer the trial's: nothing changed.</summary>
    public sealed record Stale : SweepReply;
}

/// <param name="Trial">Place in the grid, from 1.</param>
public sealed record AssignedTrial(TrialKey Key, int Trial);
