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
    public sealed record AssignTrials(string Trainer, int Room, string InstructionSet, string Fingerprint) : SweepCommand;

    /// <summary>Training ended with a result.</summary>
    public sealed record ReportFinished(TrialKey Key, TrialOutcome Outcome, TimeSpan Spent) : SweepCommand;

    /// <summary>Training threw.</summary>
    public sealed record ReportFailed(TrialKey Key, string Error, TimeSpan Spent) : SweepCommand;

    /// <summary>A trainer gives a trial back, or its lease ran out, or it left.</summary>
    /// <param name="Epoch">The last epoch that it was known to have measured; 0 if none.</param>
    public sealed record ReleaseTrial(TrialKey Key, string Why, int Epoch) : SweepCommand;
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

    /// <summary>The word belongs to an attempt that is no longer the trial's: nothing changed.</summary>
    public sealed record Stale : SweepReply;
}

/// <param name="Trial">Place in the grid, from 1.</param>
public sealed record AssignedTrial(TrialKey Key, int Trial);
