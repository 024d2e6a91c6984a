using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

/// <summary>Answers from a home's read model alone: works beside a writer, and when nobody is at work.</summary>
internal class ReadingOperator(ReadModelReader model) : IOperator
{
    public virtual Task<SubmitReply> Submit(SubmitRequest request, CancellationToken cancel = default) =>
        throw NobodyAtWork();

    public virtual Task<IReadOnlyList<SweepSummary>> List(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<SweepSummary>>(
        [.. model.Sweeps().OrderBy(row => row.Sweep).Select(row => Summary(row, atWork: false))]);

    public virtual Task<SweepStatus?> Status(SweepId sweep, CancellationToken cancel = default) => Task.FromResult(
        model.Find(sweep) is { } row ? new SweepStatus(Summary(row, atWork: false), 0, null, row.Unreadable ?? "", [], []) : null);

    public Task<string?> Spec(SweepId sweep, CancellationToken cancel = default) => Task.FromResult(model.Find(sweep)?.Readable.Canonical);

    public Task<string?> NumericsVersion(SweepId sweep, CancellationToken cancel = default) => Task.FromResult(model.Find(sweep)?.NumericsVersion);

    /// <summary>A trial that ran when its coordinator stopped is not running now.</summary>
    public virtual IAsyncEnumerable<TrialRow> Trials(SweepId sweep, CancellationToken cancel = default) => Stream(
        sweep, row => model.Trials(row).Select(trial => trial.State == TrialState.Running ? trial with { State = TrialState.Pending } : trial), cancel);

    public virtual IAsyncEnumerable<TrialRow> Scores(SweepId sweep, CancellationToken cancel = default) => Stream(
        sweep, row => model.Scores(row).Select(trial => trial.State == TrialState.Running ? trial with { State = TrialState.Pending } : trial), cancel);

    public IAsyncEnumerable<MeasureRow> Measures(SweepId sweep, CancellationToken cancel = default) => Stream(sweep, model.Measured.Rows, cancel);

    public IAsyncEnumerable<TrialArray> Arrays(SweepId sweep, int? trial, CancellationToken cancel = default) =>
        Stream(sweep, row => model.Measured.Arrays(row, trial), cancel);

    public IAsyncEnumerable<TrialArray> Weights(SweepId sweep, int trial, CancellationToken cancel = default) =>
        Stream(sweep, row => model.Measured.Weights(row, trial), cancel);

    public IAsyncEnumerable<EpochRow> Epochs(SweepId sweep, int trial, CancellationToken cancel = default) =>
        Stream(sweep, row => model.Measured.Epochs(row, trial), cancel);

    public IAsyncEnumerable<AbsenceRow> Absent(SweepId sweep, CancellationToken cancel = default) => Stream(sweep, row => model.Measured.Absent(row, null), cancel);

    public IAsyncEnumerable<AttemptRow> Attempts(SweepId sweep, CancellationToken cancel = default) => Stream(sweep, model.Attempts, cancel);

    public virtual Task<TrialStory?> Trial(SweepId sweep, int trial, CancellationToken cancel = default) => Task.FromResult(
        model.Find(sweep) is { } row && trial >= 1 && trial <= row.Places + (row.Counts.Scores?.Trials ?? 0) ? model.Trial(row, trial) : null);

    public Task<IReadOnlyList<AxisProgress>?> Progress(SweepId sweep, CancellationToken cancel = default) =>
        Task.FromResult(model.Find(sweep) is { } row ? model.Progress(row) : null);

    public virtual Task<IReadOnlyList<TrainerStatus>> Nodes(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<TrainerStatus>>([]);

    public virtual Task<ControlReply?> Control(SweepId sweep, SweepCommand.Control command, CancellationToken cancel = default) => throw NobodyAtWork();

    public virtual Task<TrainerStatus?> Drain(string trainer, bool drained, CancellationToken cancel = default) => throw NobodyAtWork();

    public virtual IAsyncEnumerable<IMessage> Events(SweepId sweep, CancellationToken cancel = default) => throw NobodyAtWork();

    public Task<IReadOnlyList<WorkTiming>> Timings(CancellationToken cancel = default) => Task.FromResult(model.Timings());

    private static UserError NobodyAtWork() =>
        new("No coordinator is at work here. Start one with: memcluster coordinator   or run the sweep with: memcluster run SPEC");

    protected static SweepSummary Summary(SweepRow row, bool atWork) => new(
        row.Sweep,
        row.Spec?.Question ?? "",
        row.Unreadable is null ? SweepControl.StateOf(row.Counts, row.Hold, atWork) : SweepSummary.CannotBeRead,
        atWork ? row.Counts : row.Counts with { Pending = row.Counts.Pending + row.Counts.Running, Running = 0 },
        row.SubmittedAt,
        row.Priority,
        row.Unreadable)
    {
        JournalLost = row.JournalLost,
        Seeds = row.Seeds,
    };

    protected async IAsyncEnumerable<T> Stream<T>(
        SweepId sweep, Func<SweepRow, IEnumerable<T>> rows, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (model.Find(sweep) is not { } row)
        {
            yield break;
        }

        _ = row.Readable; // Rows of a sweep that was read half-way must not look complete.
        await Task.Yield(); // Rows come from disk: never on the thread that asked.
        foreach (var item in rows(row))
        {
            cancel.ThrowIfCancellationRequested();
            yield return item;
        }
    }
}
