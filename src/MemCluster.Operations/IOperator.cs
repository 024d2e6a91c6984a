using MemCluster.Messages;

namespace MemCluster.Operations;

/// <summary>
/// What a person can ask of sweeps, whoever answers: a coordinator in this process, a home's database opened for reading, or a coordinator
/// elsewhere over HTTP. Rows come as streams, in grid order; a sweep may have millions. A question that can't be answered at all (no
/// connection, an unreadable home) throws <see cref="UserError"/>; a sweep that isn't there is null, or an empty stream.
///
/// Each verb puts a row of <see cref="Questions"/>. Who passes all of them on alike has <c>Ask</c> and <c>Do</c>; who knows the answers himself has
/// the verbs, and a verb that he forgot is a question without an answer.
/// </summary>
public interface IOperator
{
    Task<T> Ask<T>(Question.One<T> question, Asked asked, CancellationToken cancel) => throw Unanswered(question);

    IAsyncEnumerable<T> Ask<T>(Question.Rows<T> question, Asked asked, CancellationToken cancel) => throw Unanswered(question);

    IAsyncEnumerable<IMessage> Ask(Question.Happenings question, Asked asked, CancellationToken cancel) => throw Unanswered(question);

    Task<T> Do<TBody, T>(Question.Deed<TBody, T> deed, Asked asked, TBody body, CancellationToken cancel) => throw Unanswered(deed);

    /// <summary>Begins a sweep, or continues the one of the same name. A refusal is a reply with problems, and changed nothing.</summary>
    /// <exception cref="UserError">This answerer only reads.</exception>
    Task<SubmitReply> Submit(SubmitRequest request, CancellationToken cancel = default) => Do(Questions.Submit, new(), request, cancel);

    /// <summary>What an operator asks of a whole sweep. A refusal is a reply that says why, and changed nothing; null if there is no such sweep.</summary>
    /// <exception cref="UserError">This answerer only reads, or no coordinator answers.</exception>
    Task<ControlReply?> Control(SweepId sweep, SweepCommand.Control command, CancellationToken cancel = default) =>
        Do(Questions.Control[command.Verb], new(sweep.Name), command, cancel);

    /// <summary>No new trials for this trainer (those it has go on to their end), or again; null if no connected trainer has this name.</summary>
    /// <exception cref="UserError">This answerer only reads, or no coordinator answers.</exception>
    Task<TrainerStatus?> Drain(string trainer, bool drained, CancellationToken cancel = default) =>
        Do(Questions.Drain, new(trainer), new(!drained), cancel);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<SweepSummary>> List(CancellationToken cancel = default) => Ask(Questions.List, new(), cancel);

    Task<SweepStatus?> Status(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Status, new(sweep.Name), cancel);

    /// <summary>Canonical YAML.</summary>
    Task<string?> Spec(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Spec, new(sweep.Name), cancel);

    /// <summary>The <see cref="NumericsSettings.Version"/> that the sweep's numbers are computed under.</summary>
    Task<string?> NumericsVersion(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.NumericsVersion, new(sweep.Name), cancel);

    /// <summary>A row for every trial, pending ones included, by <see cref="TrialRow.Trial"/>.</summary>
    IAsyncEnumerable<TrialRow> Trials(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Trials, new(sweep.Name), cancel);

    /// <summary>A row for every trial that computes scores for others; their numbers follow those of the grid.</summary>
    IAsyncEnumerable<TrialRow> Scores(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Scores, new(sweep.Name), cancel);

    /// <summary>Only the rows that a person asked for, chosen where the rows are.</summary>
    /// <exception cref="UserError">A condition, column or limit can't be read.</exception>
    IAsyncEnumerable<TrialRow> Trials(SweepSpec spec, TrialQuery query, CancellationToken cancel = default) =>
        new TrialSelection(spec, query).Of(Trials(spec.Name, cancel), cancel);

    /// <summary>By trial, epoch, and <see cref="MeasureNames.Epoch"/>; each number once, whatever number of attempts measured it; one that is not finite has a row with a word.</summary>
    IAsyncEnumerable<MeasureRow> Measures(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Measures, new(sweep.Name), cancel);

    /// <summary>Arrays that the spec's own measures found, by trial, epoch and name: bits and numbers for each training example, and matrices.</summary>
    /// <param name="trial">Only of this one, counted from 1; null: of all.</param>
    IAsyncEnumerable<TrialArray> Arrays(SweepId sweep, int? trial, CancellationToken cancel = default) =>
        Ask(Questions.Arrays, new(sweep.Name, trial), cancel);

    /// <summary>Weights that one trial, counted from 1, has kept, by epoch: each a <see cref="Safetensors"/> as bytes.</summary>
    IAsyncEnumerable<TrialArray> Weights(SweepId sweep, int trial, CancellationToken cancel = default) => Ask(Questions.Weights, new(sweep.Name, trial), cancel);

    /// <summary>One trial, counted from 1, epoch by epoch and to the last bit: digests of the weights, measures, and all that was found.</summary>
    IAsyncEnumerable<EpochRow> Epochs(SweepId sweep, int trial, CancellationToken cancel = default) => Ask(Questions.Epochs, new(sweep.Name, trial), cancel);

    /// <summary>Numbers that are not finite, by trial, epoch and measure; those of trials that compute scores are among them. Of accuracies over no examples nothing is said.</summary>
    IAsyncEnumerable<AbsenceRow> Absent(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Absent, new(sweep.Name), cancel);

    /// <summary>By trial and attempt.</summary>
    IAsyncEnumerable<AttemptRow> Attempts(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Attempts, new(sweep.Name), cancel);

    /// <summary>One trial, counted from 1; null if there is no such sweep or trial.</summary>
    Task<TrialStory?> Trial(SweepId sweep, int trial, CancellationToken cancel = default) => Ask(Questions.Trial, new(sweep.Name, trial), cancel);

    /// <summary>By axis, in the sweep's order.</summary>
    Task<IReadOnlyList<AxisProgress>?> Progress(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Progress, new(sweep.Name), cancel);

    /// <summary>Trainers that are connected, by name; none where no coordinator is at work.</summary>
    Task<IReadOnlyList<TrainerStatus>> Nodes(CancellationToken cancel = default) => Ask(Questions.Nodes, new(), cancel);

    /// <summary>
    /// What happens in a sweep from now on, after it is written down, until cancelled: every <see cref="SweepEvent"/> and
    /// <see cref="TrialMeasured"/>. It ends when the sweep is deleted, or the coordinator stops.
    /// </summary>
    /// <exception cref="UserError">Nobody is at work here whom one could listen to.</exception>
    IAsyncEnumerable<IMessage> Events(SweepId sweep, CancellationToken cancel = default) => Ask(Questions.Events, new(sweep.Name), cancel);

    /// <summary>What epochs cost here: one entry per shape of work, over the finished trials of all sweeps.</summary>
    Task<IReadOnlyList<WorkTiming>> Timings(CancellationToken cancel = default) => Ask(Questions.Timings, new(), cancel);

    private NotSupportedException Unanswered(Question question) => new($"{GetType().Name} has no answer to {question.Path}.");
}

/// <summary>Whoever is asked over a connection.</summary>
public interface IFarOperator : IOperator, IDisposable;
