using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What the coordinator is to do, in this order.</summary>
public abstract record RosterEffect
{
    private RosterEffect() { }

    /// <summary>To whoever sent the word that is being heard.</summary>
    public sealed record Answer(CoordinatorWord Word) : RosterEffect;

    /// <summary>To the trainer that sits at this seat.</summary>
    public sealed record Tell(string Trainer, CoordinatorWord Word) : RosterEffect;

    /// <summary>Trials for the trainer that sits at this seat.</summary>
    /// <param name="ChosenAt">When the trainer was chosen for them: there a trace of the attempt begins.</param>
    public sealed record Assign(string Trainer, long Term, ImmutableArray<TrialAssignment> Trials, DateTimeOffset ChosenAt) : RosterEffect;

    /// <summary>Whoever sent the word that is being heard sits at this seat from now on; its end is to be watched for.</summary>
    public sealed record Sit(string Trainer, Guid Incarnation) : RosterEffect;

    /// <summary>The seat is gone.</summary>
    public sealed record Rise(string Trainer) : RosterEffect;

    /// <summary>A command for a sweep's rules; answered with <see cref="RosterWord.SweepDone"/>.</summary>
    /// <param name="Trainer">Whom it is about; comes back with the answer.</param>
    public sealed record Ask(SweepId Sweep, SweepCommand Command, string? Trainer, object? Asker = null) : RosterEffect;

    /// <param name="Unclaimed">Trials under way whose trainer has not come back, with the epochs on disk.</param>
    public sealed record PassSubmit(SweepRequest.Submit Submit, ImmutableArray<HeldTrial> Unclaimed) : RosterEffect;

    /// <summary>For the sweep's metric stream: a <see cref="TrialMeasured"/> or a <see cref="TrialFound"/>.</summary>
    public sealed record Measure(SweepId Sweep, IMessage Batch) : RosterEffect;

    /// <summary>The metric stream need no longer know how far this attempt is.</summary>
    public sealed record ForgetAttempt(TrialKey Key) : RosterEffect;

    /// <summary>The metric stream need know of these only.</summary>
    public sealed record KeepAttempts(SweepId Sweep, ImmutableArray<TrialKey> Running) : RosterEffect;

    /// <param name="Earlier">How many sweeps of that name were deleted before this one.</param>
    public sealed record OpenDesk(SweepId Sweep, int Earlier) : RosterEffect;

    public sealed record CloseDesk(SweepId Sweep) : RosterEffect;

    /// <summary>Write in the coordinator's own stream, and do what follows when it is on disk; nothing else is heard before that.</summary>
    public sealed record Write(CoordinatorEvent Event, ImmutableArray<RosterEffect> Then) : RosterEffect;

    /// <summary>Hear this at once.</summary>
    public sealed record Hear(RosterWord Word) : RosterEffect;

    /// <summary>Hear this behind all that waits to be heard.</summary>
    public sealed record HearLast(RosterWord Word) : RosterEffect;

    /// <summary>Find which examples the trial keeps; answered with <see cref="RosterWord.ScoresFound"/>.</summary>
    public sealed record FindScores(string Trainer, TrialAssignment Trial, Grid Grid) : RosterEffect;

    /// <summary>Say <see cref="RosterWord.FindScoresAgain"/> in a moment.</summary>
    public sealed record FindScoresLater(string Trainer, TrialAssignment Trial) : RosterEffect;

    /// <summary>Look at the claims of a sweep, all trials that were asked for having ended; answered with <see cref="RosterWord.Looked"/>.</summary>
    /// <param name="State">As it is; whoever reads rows sees by it that they are not behind.</param>
    public sealed record Look(Grid Grid, SweepState State) : RosterEffect;

    /// <summary>Say <see cref="RosterWord.LookAgain"/> in a moment.</summary>
    public sealed record LookLater(SweepId Sweep, SweepState State) : RosterEffect;

    public sealed record Reply(object? Asker, object Word) : RosterEffect;

    /// <summary>No sweep, or no connected trainer, has this name.</summary>
    public sealed record ReplyNotThere(object? Asker) : RosterEffect;

    /// <summary>Something that an operator, or a measurement, may want to be told.</summary>
    public sealed record Note(RosterNote What) : RosterEffect;
}

/// <summary>What is told of the coordinator's doings: in its log, and in what it counts.</summary>
public abstract record RosterNote
{
    private RosterNote() { }

    public sealed record TrainerJoined(string Trainer, string Host, int Slots, int Held) : RosterNote;

    public sealed record TrainerRegisteredAgain(string Trainer, int Held) : RosterNote;

    public sealed record TrainerRefused(string Trainer, string Why) : RosterNote;

    public sealed record TrainerLeaves(string Trainer, string Why, int Held) : RosterNote;

    public sealed record TrainerLost(string Trainer, string How, int Held) : RosterNote;

    public sealed record TrainerReach(string Trainer, bool Reachable, int Held) : RosterNote;

    public sealed record TrainerDrained(string Trainer, bool Drained) : RosterNote;

    public sealed record TrainerSetAside(string Trainer, string Why, TimeSpan Pause) : RosterNote;

    public sealed record TrainerWellAgain(string Trainer) : RosterNote;

    public sealed record NoTrialFor(string Trainer, SweepId Sweep, string Why) : RosterNote;

    public sealed record TrialAssigned(TrialKey Key, int Trial, string Label, string Trainer) : RosterNote;

    /// <param name="Wait">How long the trainer's room and the sweep's trials had waited for each other.</param>
    public sealed record Waited(TimeSpan Wait, int Trials) : RosterNote;

    public sealed record TrialEnded(Lease Lease, TrialOutcome Outcome, string Trainer) : RosterNote;

    public sealed record TrialFailed(Lease Lease, string Error, string Trainer) : RosterNote;

    public sealed record TrialReleased(Lease Lease, int Epoch, string Why) : RosterNote;

    public sealed record EpochsWritten(SweepId Sweep, int Epochs) : RosterNote;

    /// <param name="Kind"><c>measures</c> or <c>end</c>.</param>
    public sealed record Acknowledged(string Kind, bool Repeat) : RosterNote;

    public sealed record JournalLostEpochs(TrialKey Key, int Trial, string Why) : RosterNote;

    /// <summary>A trainer has heard a later term than the journal has: it was put back to an older copy, or this coordinator is not the last.</summary>
    public sealed record JournalLostTerms(string Trainer, long Heard, long Term) : RosterNote;

    public sealed record SweepOver(SweepId Sweep, TrialCounts Counts) : RosterNote;

    public sealed record Controlled(SweepId Sweep, string Verb, SweepReply Reply) : RosterNote;

    /// <param name="Why">The rows could not be read.</param>
    public sealed record NotLooked(SweepId Sweep, string Why) : RosterNote;

    public sealed record ScoresNotRead(TrialKey Key, int Trial, string Why) : RosterNote;
}
