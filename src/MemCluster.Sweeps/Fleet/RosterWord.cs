using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What an operator asks of one sweep, with whom to answer; the roster never looks into that.</summary>
public abstract record SweepRequest(SweepId Sweep, object? Asker)
{
    /// <summary>Take up this sweep, or go on with it; answered with a <see cref="SubmitReply"/>.</summary>
    public sealed record Submit(SweepSpec Spec, bool AcceptVersion, object? Asker) : SweepRequest(Spec.Name, Asker);

    /// <summary>Answered with a <see cref="ControlReply"/> without a summary; with <see cref="RosterEffect.ReplyNotThere"/> where there is no such sweep.</summary>
    public sealed record Control(SweepId Sweep, SweepCommand.Control Command, object? Asker) : SweepRequest(Sweep, Asker);
}

/// <summary>What the coordinator hears, from whomever.</summary>
public abstract record RosterWord
{
    private RosterWord() { }

    /// <summary>A trainer's word, off the wire.</summary>
    public sealed record FromTrainer(TrainerWord Word) : RosterWord;

    /// <summary>The process that sat there is gone, as the transport says.</summary>
    public sealed record TrainerGone(string Trainer, Guid Incarnation) : RosterWord;

    public sealed record Asked(SweepRequest Request) : RosterWord;

    /// <summary>No new trials for this trainer, or again.</summary>
    public sealed record DrainTrainer(string Trainer, bool Drained, object? Asker) : RosterWord;

    /// <summary>
    /// A sweep's stream is read: so it stands. Its actor says it at every start, and it alone knows what was under way. Whatever was said to the sweep
    /// before this is done, or lost: none of it may be heard later.
    /// </summary>
    public abstract record SweepStands(SweepId Sweep) : RosterWord;

    /// <param name="Confirmed">This coordinator's term was written since: it is still the one.</param>
    public sealed record SweepOpened(SweepState State, Grid Grid, string? Problem, bool Confirmed = false) : SweepStands(State.Submitted.Sweep)
    {
        /// <summary>The last event that is in the state; null where streams have no chain.</summary>
        public StreamHead? Head { get; init; }
    }

    /// <summary>Begun, or changed by a new submission of it.</summary>
    public sealed record SweepChanged(SweepState State, Grid Grid, string? Problem) : RosterWord
    {
        /// <inheritdoc cref="SweepOpened.Head"/>
        public StreamHead? Head { get; init; }
    }

    /// <summary>The answer to a submission is out.</summary>
    public sealed record SubmitAnswered(SweepId Sweep) : RosterWord;

    /// <param name="Why">A sentence for the operator.</param>
    public sealed record SweepUnreadable(SweepId Sweep, string Why) : SweepStands(Sweep);

    /// <summary>Registered, but never begun.</summary>
    public sealed record SweepEmpty(SweepId Sweep) : SweepStands(Sweep);

    /// <summary>The stream has come to its end.</summary>
    public sealed record SweepGone(SweepId Sweep) : SweepStands(Sweep);

    /// <summary>What the rules of a sweep settled is on disk.</summary>
    /// <param name="Trainer">As in <see cref="RosterEffect.Ask"/>.</param>
    /// <param name="State">Of the sweep after it.</param>
    public sealed record SweepDone(
        SweepCommand Command, SweepReply Reply, ImmutableArray<TrialAssignment> Assignments, SweepState State, string? Trainer, object? Asker) : RosterWord
    {
        /// <inheritdoc cref="SweepOpened.Head"/>
        public StreamHead? Head { get; init; }
    }

    /// <param name="Written">How far each trial had been written that was under way at the last snapshot or later.</param>
    /// <param name="Confirmed">As in <see cref="SweepOpened"/>.</param>
    public sealed record MetricsOpened(SweepId Sweep, IReadOnlyList<HeldTrial> Written, bool Confirmed = false) : RosterWord;

    /// <summary>Epochs are on disk, or were.</summary>
    public sealed record MeasuresTaken(TrialMeasured Batch, int LastEpoch, BatchFate Fate) : RosterWord;

    public sealed record FindingsTaken(TrialKey Key, int LastPart, BatchFate Fate) : RosterWord;

    /// <summary>Which examples a trial keeps is known, or could not be read.</summary>
    /// <param name="Scored">Null where it could not be read.</param>
    public sealed record ScoresFound(string Trainer, TrialAssignment Trial, Scored? Scored, string Problem) : RosterWord;

    /// <summary>Time to ask again for what could not be read.</summary>
    public sealed record FindScoresAgain(string Trainer, TrialAssignment Trial) : RosterWord;

    /// <summary>The claims of a sweep were looked at, or its rows could not be read.</summary>
    /// <param name="State">As in <see cref="RosterEffect.Look"/>.</param>
    /// <param name="Wanted">Seeds by configuration; null where they could not be read.</param>
    public sealed record Looked(SweepId Sweep, SweepState State, IReadOnlyList<SeedsOf>? Wanted, string Problem) : RosterWord;

    /// <summary>Time to look again at what could not be read.</summary>
    public sealed record LookAgain(SweepId Sweep, SweepState State) : RosterWord;

    /// <summary>Every second.</summary>
    public sealed record Tick : RosterWord;

    /// <summary>This coordinator is still the one, and whatever had been waiting to be heard has been heard: what is silent now loses its trials.</summary>
    public sealed record LeasesEnd : RosterWord;
}

/// <summary>What became of a batch that a trainer sent.</summary>
public enum BatchFate
{
    Fresh,

    /// <summary>It was on disk before.</summary>
    Repeat,

    /// <summary>It goes on behind something that is not there: a trainer keeps what was not acknowledged, so the journal lost what was.</summary>
    Gap,
}
