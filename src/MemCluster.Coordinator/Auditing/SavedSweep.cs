using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Auditing;

/// <summary>All of a sweep that is proved: what was decided about it, and every event of each trial that has a proved result or has failed.</summary>
internal sealed class SavedSweep
{
    private readonly List<SweepEvent> _control;
    private readonly List<IMessage> _measured;

    private SavedSweep(SweepId sweep, int earlier, List<SweepEvent> control, List<IMessage> measured, SalvagedSweep report) =>
        (Sweep, Earlier, _control, _measured, Report) = (sweep, earlier, control, measured, report);

    public SweepId Sweep { get; }

    /// <summary>How many sweeps of that name were deleted before it.</summary>
    public int Earlier { get; }

    public SalvagedSweep Report { get; }

    /// <returns>Null where not even its begin can be read, or it was deleted.</returns>
    public static async Task<SavedSweep?> Read(IJournalRows rows, SweepId sweep, int earlier, CancellationToken cancel)
    {
        var (name, measured) = (Streams.Control(sweep, earlier), Streams.Metrics(sweep, earlier));
        var control = new ControlAudit(sweep, name);
        var events = new List<SweepEvent>();
        await new ProvenStream(rows, name).Read(
            (number, happened) =>
            {
                if (happened is SweepEvent fitting)
                {
                    control.Take(number, fitting);
                    events.Add(fitting);
                }
            },
            control.Broken, cancel).ConfigureAwait(false);
        if (control.State is not { Deleted: false } state)
        {
            return null;
        }

        var metrics = new MetricsAudit(sweep, measured, control);
        var numbers = new List<IMessage>();
        var stream = new ProvenStream(rows, measured);
        await stream.Read(
            (number, happened) =>
            {
                metrics.Take(number, happened);
                numbers.Add(happened);
            },
            metrics.Broken, cancel).ConfigureAwait(false);
        metrics.End(stream.Head);

        var kept = metrics.Proved.Concat(Failed(events, control)).ToHashSet();
        bool IsKept(IMessage happened) => ControlAudit.AttemptOf(happened) is not { } about || kept.Contains(about.Trial);
        return new(
            sweep, earlier, [.. events.Where(IsKept)], [.. numbers.Where(IsKept)],
            new(sweep, state.Counts().Trials, kept.Count(trial => trial <= state.Shape.Trials), state.Counts().Trials - kept.Count(trial => trial <= state.Shape.Trials)));
    }

    /// <summary>The measures first: the end of a trial names the last of them that was there.</summary>
    public void WriteTo(JournalPen pen)
    {
        var (name, measured) = (Streams.Control(Sweep, Earlier), Streams.Metrics(Sweep, Earlier));
        foreach (var happened in _measured)
        {
            pen.Write(measured, happened);
        }

        foreach (var happened in _control)
        {
            pen.Write(name, happened is SweepEvent.TrialFinished finished ? finished with { Measured = pen.HeadOf(measured) } : happened);
        }
    }

    /// <summary>Trials that failed for good, with a history that is whole.</summary>
    private static IEnumerable<int> Failed(List<SweepEvent> events, ControlAudit control) => events.OfType<SweepEvent.TrialFailed>()
        .Select(failed => failed.Trial).Distinct()
        .Where(trial => !control.Doubtful.Contains(trial) && control.State!.StateOf(trial - 1) == TrialState.Failed);
}
