using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Live;
using Spectre.Console;

namespace MemCluster.Cli;

/// <summary>Shows sweeps while they run, until every trial has ended: redrawn four times a second on a terminal, plain lines in a pipe.</summary>
internal sealed class Watch(
    TimeProvider clock, Terminal terminal, IOperator answerer, IReadOnlyList<OpenSweep> sweeps, IReadOnlyList<WorkTiming> timings)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PlainLine = TimeSpan.FromSeconds(5);

    /// <summary>How long silence may last before the coordinator is asked how things stand.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>What Ctrl-C does here.</summary>
    public string Hint { get; init; } = "Ctrl-C stops and keeps everything; the same command goes on later.";

    private readonly Dictionary<SweepId, LiveState> _states = [];
    private readonly Dictionary<SweepId, string> _waiting = [];
    private readonly HashSet<SweepId> _ended = [];
    private DateTimeOffset _lastWord;
    private DateTimeOffset _lastLine;

    public async Task Until(SweepNews news, CancellationToken interrupt)
    {
        _lastWord = _lastLine = clock.GetUtcNow();
        foreach (var sweep in sweeps)
        {
            _states.Add(sweep.Spec.Name, new LiveState(sweep.Spec, timings, clock.GetUtcNow()));
        }

        // What has been heard by now comes first: a trial that ended since the sweep was handed in is news, and its row no longer is.
        await Listen(news, interrupt);
        foreach (var sweep in sweeps.Where(sweep => sweep.Continued))
        {
            await foreach (var row in answerer.Trials(sweep.Spec.Name, interrupt))
            {
                _states[sweep.Spec.Name].Start(row);
            }
        }

        if (terminal.Live is { } live)
        {
            await live.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async context =>
            {
                while (await Listen(news, interrupt))
                {
                    context.UpdateTarget(new Rows(Screen().Select(Terminal.Drawn)));
                    await Task.Delay(Frame, clock, interrupt);
                }
            });
            return;
        }

        while (await Listen(news, interrupt))
        {
            PlainLines();
            await Task.Delay(Frame, clock, interrupt);
        }
    }

    /// <returns>Whether there is anything left to wait for.</returns>
    private async Task<bool> Listen(SweepNews news, CancellationToken interrupt)
    {
        interrupt.ThrowIfCancellationRequested();
        var now = clock.GetUtcNow();
        while (news.TryNext(out var heard))
        {
            _lastWord = now;
            if (_states.TryGetValue(heard.Sweep, out var state) && (state.Apply(heard.Word, now) || heard.Word is SweepEvent.TrialLost)
                && terminal.Live is null && heard.Word is SweepEvent happened)
            {
                terminal.Write(LiveScreen.EndOf(happened, state.LabelOf(TrialOf(happened))));
            }
        }

        foreach (var (sweep, state) in _states)
        {
            if (state.AllEnded)
            {
                _ended.Add(sweep);
            }
        }

        if (_ended.Count < _states.Count && now - _lastWord > Silence)
        {
            _lastWord = now;
            await AskHowThingsStand(interrupt);
        }

        return _ended.Count < _states.Count;
    }

    /// <summary>Why is it quiet? A reason is shown; and should words have been lost on their way, the end is noticed here.</summary>
    private async Task AskHowThingsStand(CancellationToken interrupt)
    {
        foreach (var sweep in _states.Keys.Except(_ended).ToArray())
        {
            if (await answerer.Status(sweep, interrupt) is not { } status)
            {
                _ended.Add(sweep); // Deleted.
                continue;
            }

            if (status.Summary.State == "stopped")
            {
                _ended.Add(sweep); // Somebody told it to stop after what ran; what is left waits to be resumed.
            }

            _waiting[sweep] = status.Waiting;
            if (status.Summary.Counts.Ended == status.Summary.Counts.Trials)
            {
                _ended.Add(sweep);
            }
        }
    }

    private IEnumerable<Line> Screen()
    {
        var now = clock.GetUtcNow();
        var room = terminal.Height - 1;
        foreach (var (sweep, state) in _states)
        {
            var view = state.View(now);
            // The table of one sweep fills the screen; the others have their bar.
            var first = !_ended.Contains(sweep) && _states.Keys.First(other => !_ended.Contains(other)) == sweep;
            var lines = LiveScreen.Lines(first ? view : view with { Block = null, Running = [] }, room - _states.Count, state.LabelOf, state.EpochsOf);
            foreach (var line in lines)
            {
                yield return line;
            }

            if (WaitingOf(sweep, view) is { } reason)
            {
                yield return new(Line.Fit($"  {reason}", Line.Width), Tone.Strong);
            }
        }

        yield return new(Hint, Tone.Faint);
    }

    private void PlainLines()
    {
        var now = clock.GetUtcNow();
        if (now - _lastLine < PlainLine)
        {
            return;
        }

        _lastLine = now;
        foreach (var (sweep, state) in _states.Where(state => !_ended.Contains(state.Key)))
        {
            var view = state.View(now);
            terminal.Write(LiveScreen.Summary(view));
            if (WaitingOf(sweep, view) is { } reason)
            {
                terminal.Write(reason);
            }
        }
    }

    private string? WaitingOf(SweepId sweep, LiveView view) =>
        view.Counts.Running == 0 && _waiting.GetValueOrDefault(sweep) is { Length: > 0 } reason ? $"Waiting: {reason}" : null;

    private static int TrialOf(SweepEvent happened) => happened switch
    {
        SweepEvent.TrialFinished finished => finished.Trial,
        SweepEvent.TrialFailed failed => failed.Trial,
        SweepEvent.TrialLost lost => lost.Trial,
        _ => 1,
    };
}

/// <summary>A sweep with something left to do.</summary>
/// <param name="Continued">It was begun before, so some of its trials may have ended unheard.</param>
internal sealed record OpenSweep(SweepSpec Spec, bool Continued);
