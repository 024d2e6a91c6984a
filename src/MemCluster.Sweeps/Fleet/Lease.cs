using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>How far a lease is.</summary>
public enum LeaseStage
{
    /// <summary>The trainer does not know of it yet: which examples the trial keeps is still being read.</summary>
    Preparing,

    /// <summary>The trainer trains it, or was sent it.</summary>
    Held,

    /// <summary>Its end, or its release, is on the way to the journal: no second one need be sent.</summary>
    Ending,
}

/// <summary>How a trainer comes to hold a trial no longer without having ended it.</summary>
public enum Loss
{
    /// <summary>It leaves in good order.</summary>
    HandedBack,

    /// <summary>Its process is gone, as the transport says.</summary>
    TrainerLost,

    /// <summary>It said nothing of the trial for a lease.</summary>
    LeaseExpired,

    /// <summary>Another process of its name came.</summary>
    TrainerRestarted,

    /// <summary>It lacks something that the trial needs.</summary>
    Unable,

    /// <summary>It was gone before the trial was on disk.</summary>
    NotReached,

    /// <summary>The journal no longer has epochs that it had acknowledged: a restored copy, say.</summary>
    JournalLost,
}

/// <summary>A trial in a trainer's hands. Leases are memory only: a new coordinator gives every open trial one lease to be claimed again.</summary>
/// <param name="Trial">Place in the grid, from 1.</param>
/// <param name="Label">For people.</param>
/// <param name="Epochs">At most this many.</param>
/// <param name="MemoryBytes">That its sweep asks for; 0 if it asks for none.</param>
/// <param name="Until">On the monotonic clock.</param>
/// <param name="Epoch">The last one on disk.</param>
public sealed record Lease(
    TrialKey Key, int Trial, string Label, int Epochs, long MemoryBytes, DateTimeOffset Since, TimeSpan Until, LeaseStage Stage = LeaseStage.Held,
    int Epoch = 0, double? TrainAccuracy = null, double? ValidationAccuracy = null)
{
    /// <summary>Why it is being released, if it is.</summary>
    public Loss? Loss { get; init; }

    public bool IsEnding => Stage == LeaseStage.Ending;

    public RunningTrial ToRunning(string trainer) =>
        new(Trial, Label, Key.Attempt, trainer, Since, Epoch, Epochs, TrainAccuracy, ValidationAccuracy);
}
