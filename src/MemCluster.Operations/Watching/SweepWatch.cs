using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Live;

namespace MemCluster.Operations.Watching;

/// <summary>
/// What is known of sweeps while they run, until every trial of them has ended: from the feed, and, when that is silent, by asking. Shown as a
/// screen that is drawn again and again, or as plain lines.
/// </summary>
public sealed class SweepWatch(TimeProvider clock, IOperator answerer, IReadOnlyList<OpenSweep> sweeps, IReadOnlyList<WorkTiming> timings)
{
    /// <summary>How often there is something new to draw.</summary>
    public static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan PlainLine = TimeSpan.FromSeconds(5);

    /// <summary>How long silence may last before the coordinator is asked how things stand.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly Dictionary<SweepId, LiveState> _states = [];
    private readonly Dictionary<SweepId, string> _waiting = [];
    private readonly HashSet<SweepId> _ended = [];
    private string? _trouble;
    private readonly List<Line> _ends = [];
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _startStamp = clock.GetTimestamp();
    private DateTimeOffset _lastWord;
    private DateTimeOffset _lastLine;

    /// <summary>By the clock that nobody sets: an hour that is put back or forward is not work, and the time left must not follow it.</summary>
    private DateTimeOffset Now => _start + clock.GetElapsedTime(_startStamp);

    /// <summary>Takes up what is known so far; before anything else.</summary>
    public async Task Begin(SweepNews news, CancellationToken interrupt)
    {
        _lastWord = _lastLine = Now;
        foreach (var sweep in sweeps)
        {
            _states.Add(sweep.Spec.Name, new LiveState(sweep.Spec, timings, Now));
        }

        // What has been heard by now comes first: a trial that ended since the sweep was handed in is news, and its row no longer is.
        Hear(news);
        foreach (var sweep in sweeps.Where(sweep => sweep.Continued))
        {
            await foreach (var row in answerer.Trials(sweep.Spec.Name, interrupt))
            {
                _states[sweep.Spec.Name].Start(row);
            }
        }
    }

    /// <summary>Plain lines until it is over: one for each trial that ends, and how far it is every few seconds.</summary>
    public async IAsyncEnumerable<Line> Lines(SweepNews news, [EnumeratorCancellation] CancellationToken interrupt)
    {
        await Begin(news, interrupt);
        var more = true;
        while (more)
        {
            more = await Listen(news, interrupt);
            foreach (var line in _ends.Concat(more ? HowFar() : []))
            {
                yield return line;
            }

            _ends.Clear();

            if (more)
            {
                await Task.Delay(Frame, clock, interrupt);
            }
        }
    }

    /// <returns>Whether there is anything left to wait for.</returns>
    public async Task<bool> Listen(SweepNews news, CancellationToken interrupt)
    {
        interrupt.ThrowIfCancellationRequested();
        var now = Now;
        Hear(news);
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

    /// <param name="room">Lines that there are.</param>
    public IEnumerable<Line> Screen(int room)
    {
        _ends.Clear(); // The screen shows how things stand, not what happened.
        var now = Now;
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
    }

    private void Hear(SweepNews news)
    {
        var now = Now;
        while (news.TryNext(out var heard))
        {
            (_lastWord, _trouble) = (now, null);
            if (_states.TryGetValue(heard.Sweep, out var state) && (state.Apply(heard.Word, now) || heard.Word is SweepEvent.TrialLost)
                && heard.Word is SweepEvent happened)
            {
                _ends.Add(LiveScreen.EndOf(happened, state.LabelOf(TrialOf(happened))));
            }
        }
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
            _trouble = status.Trouble;
            if (status.Summary.Counts.Ended == status.Summary.Counts.Trials)
            {
                _ended.Add(sweep);
            }
        }
    }

    private List<Line> HowFar()
    {
        var now = Now;
        var lines = new List<Line>();
        if (now - _lastLine < PlainLine)
        {
            return lines;
        }

        _lastLine = now;
        foreach (var (sweep, state) in _states.Where(state => !_ended.Contains(state.Key)))
        {
            var view = state.View(now);
            lines.Add(LiveScreen.Summary(view));
            if (WaitingOf(sweep, view) is { } reason)
            {
                lines.Add(reason);
            }
        }

        return lines;
    }

    private string? WaitingOf(SweepId sweep, LiveView view) =>
        _trouble is { } trouble ? $"{char.ToUpperInvariant(trouble[0])}{trouble[1..]}."
        : view.Counts.Running == 0 && _waiting.GetValueOrDefault(sweep) is { Length: > 0 } reason ? $"Waiting: {reason}" : null;

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
public sealed record OpenSweep(SweepSpec Spec, bool Continued);
