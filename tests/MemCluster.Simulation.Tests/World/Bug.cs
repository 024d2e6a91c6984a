namespace MemCluster.Simulation.Tests;

/// <summary>Rules that are broken on purpose: each must be found, or the simulation proves nothing.</summary>
internal enum Bug
{
    /// <summary>What follows a write is done before it.</summary>
    AnswerBeforeWrite,

    /// <summary>The journal lets two writers use one number.</summary>
    NoFence,

    /// <summary>Nobody looks at leases.</summary>
    LeaseNeverEnds,

    /// <summary>A batch that comes twice is written twice.</summary>
    NoDeduplication,

    /// <summary>A snapshot holds what is still on its way to the journal.</summary>
    SnapshotTooEarly,

    /// <summary>H F1: a sweep that opens with all its trials ended is written off although a retry is on its way to it.</summary>
    RetryForgotten,

    /// <summary>H F7: that this coordinator is the one is written every second while a lease that is being prepared has run out.</summary>
    TermHeldEverySecond,

    /// <summary>H F8: a sweep that changes forgets that an order is on its way, and orders are not absolute.</summary>
    OrderForgotten,

    /// <summary>H F9: a trainer whose attempt was taken back deletes what was kept of the trial.</summary>
    RevokedDeletesCheckpoint,

    /// <summary>H F5: who waits for the rows is forgotten when their reader falls, and does not ask again.</summary>
    ReadersForgotten,

    /// <summary>A10: a gap is answered like a repeat.</summary>
    GapIsARepeat,

    /// <summary>A12: trainers are members beside the coordinator, so a resolver may end it for the sake of one of them.</summary>
    TrainersDecideWhoLives,

    /// <summary>Whoever says that a trial has ended is believed, whichever attempt of it they held.</summary>
    AnyAttemptEnds,

    /// <summary>A trainer says everything once.</summary>
    NothingIsSaidAgain,

    /// <summary>A trainer is not told that what it holds is no longer its own.</summary>
    NeverRevoked,

    /// <summary>What was under way when a sweep's actor ended is pending at its next start.</summary>
    RunningForgotten,

    /// <summary>An order that died with a sweep's actor is waited for.</summary>
    OrderNeverEnds,

    /// <summary>A trainer hears a coordinator that was replaced.</summary>
    OldTermsAreHeard,

    /// <summary>A term that only trainers know of is passed over: the journal was put back, and they never hear this coordinator.</summary>
    HeardTermsIgnored,

    /// <summary>A5: what fails for want of something of the machine's fails for good.</summary>
    MachinesFaultIsTheTrials,

    /// <summary>What a trainer fails at goes nowhere else, and there only as long as others could do it.</summary>
    FailedTrialWaitsForNobody,

    /// <summary>A sweep that opens with every trial ended that was asked for is taken to be looked at, and nobody looks.</summary>
    LookForgotten,
}

internal sealed class Bugs(params Bug[] planted)
{
    public bool Has(Bug bug) => planted.Contains(bug);
}
