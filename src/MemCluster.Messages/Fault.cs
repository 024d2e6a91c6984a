namespace MemCluster.Messages;

/// <summary>What ended an attempt without a result, as far as its trainer can tell. Whose fault it was is seen when the trial is tried elsewhere.</summary>
public enum FaultKind
{
    /// <summary>Training threw: the same settings would throw again, if it was not the machine after all.</summary>
    Training,

    /// <summary>The machine lacked something: memory, room on a disk, a library.</summary>
    Machine,

    /// <summary>The process that trained it ended under it.</summary>
    Crashed,

    /// <summary>It made no progress for longer than it may.</summary>
    Stalled,

    /// <summary>It took longer than <see cref="TrialLimits.Time"/>.</summary>
    Overtime,

    /// <summary>Its process took more memory than <see cref="TrialLimits.MemoryBytes"/>.</summary>
    Overweight,
}

/// <summary>That an attempt ended by a fault, and where.</summary>
public sealed record Fault(FaultKind Kind, string Trainer);

/// <summary>What a trial may take of a machine before it is taken away. No part of its identity: they end attempts, and change no number.</summary>
/// <param name="Time">For one attempt, from the begin of its training; null: as long as it takes.</param>
/// <param name="Idle">Without an epoch; null: as long as its process does something at all.</param>
/// <param name="MemoryBytes">For the process that trains it; 0: what there is.</param>
public sealed record TrialLimits(TimeSpan? Time = null, TimeSpan? Idle = null, long MemoryBytes = 0)
{
    public static readonly TrialLimits None = new();
}
