using System.Buffers.Binary;
using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Reporting.Plans;
using MemCluster.Reporting.Tables;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Live;

/// <summary>
/// A sweep as it happens: rows of what was there before, then events. Repeats change nothing and the order of words doesn't matter, because
/// the same event may come by two ways. One byte per trial; records only for those under way. Belongs to one thread.
/// </summary>
public sealed class LiveState
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly SweepSpec _spec;
    private readonly Grid _grid;
    private readonly WorkModel _work;
    private readonly TrialState[] _states;
    private readonly TrialTally _ended = new();
    private readonly SortedDictionary<int, OpenTrial> _open = [];
    private readonly LiveCells? _cells;
    private readonly Pace _epochs = new(Window);
    private readonly Pace _trials = new(Window);
    private readonly DateTimeOffset _start;
    private double _workLeft;
    private double _workDone;
    private int _latest = 1;

    /// <summary>Trials of the grid that no claim asks for, once none asks for more.</summary>
    private int _spare;

    /// <summary>Trials that claims have asked for, as far as was heard.</summary>
    private long _asked;

    private SeedsSoFar? _seeds;

    /// <param name="timings">What epochs cost here, for the time left; may be empty.</param>
    public LiveState(SweepSpec spec, IReadOnlyList<WorkTiming> timings, DateTimeOffset now)
    {
        _spec = spec;
        var layout = new TableLayout(spec);
        _grid = layout.Grid;
        _work = new WorkModel(timings);
        _states = new TrialState[_grid.Count + _grid.ScoringCount];
        _cells = _grid.Configurations <= LiveCells.Most ? new LiveCells(layout) : null;
        _workLeft = SweepPlan.Of(spec, timings).SlotSeconds;
        _start = now;
        _epochs.Add(0, now);
        _trials.Add(0, now);
    }

    public bool AllEnded => _ended.Counts.Trials == _grid.Count - _spare;

    /// <summary>A trial as it stood before the first event.</summary>
    public void Start(TrialRow row)
    {
        if (End(row.Trial, row.State, row.Measures))
        {
            _workLeft -= WorkOf(row.Trial);
        }
    }

    /// <returns>Whether this ended a trial that had no end yet.</returns>
    public bool Apply(IMessage message, DateTimeOffset now)
    {
        switch (message)
        {
            case SweepEvent.TrialAssigned assigned:
                Open(assigned.Trial)?.Assigned(assigned.Key.Attempt, assigned.Trainer);
                break;
            case SweepEvent.TrialLost lost:
                Open(lost.Trial)?.Lost(lost.Key.Attempt);
                break;
            case TrialMeasured measured:
                _epochs.Add(Open(measured.Trial)?.Measured(
                    measured.Key.Attempt, measured.LastEpoch,
                    LastValue(measured, MeasureNames.TrainAccuracy), LastValue(measured, MeasureNames.ValidationAccuracy)) ?? 0, now);
                break;
            case SweepEvent.SeedsAsked asked:
                Asked(asked, asked.Asked.Sum(run => run.Trials));
                break;
            case SweepEvent.SpecAmended:
                _spare = 0;
                break;
            case SweepEvent.SweepCancelled:
                _spare = 0;
                for (var trial = 1; trial <= _states.Length; trial++)
                {
                    _workLeft -= End(trial, TrialState.Cancelled, ImmutableSortedDictionary<string, double>.Empty) ? WorkOf(trial) : 0;
                }

                return true;
            case SweepEvent.TrialsRetried retried:
                _spare = 0;
                for (var trial = 1; trial <= _states.Length; trial++)
                {
                    if (_states[trial - 1] == TrialState.Failed || (_states[trial - 1] == TrialState.Cancelled && !retried.OnlyFailed))
                    {
                        Reopen(trial);
                    }
                }

                break;
            case SweepEvent.TrialFinished finished:
                return Ended(finished.Trial, finished.Outcome.State, finished.Outcome.Epochs, finished.Outcome.Measures, now);
            case SweepEvent.TrialFailed failed:
                return Ended(failed.Trial, TrialState.Failed, 0, ImmutableSortedDictionary<string, double>.Empty, now);
        }

        return false;
    }

    public LiveView View(DateTimeOffset now)
    {
        var running = _open.Where(open => open.Value.Runs).Select(open => open.Value.View(open.Key)).ToImmutableArray();
        var ended = _ended.Counts;

        // Trials that compute scores for others are shown while they run, and counted with nothing.
        var inGrid = running.Count(trial => trial.Trial <= _grid.Count);
        var counts = ended with { Trials = _grid.Count - _spare, Running = inGrid, Pending = _grid.Count - _spare - ended.Trials - inGrid };
        var block = _cells is { Any: true } cells
            ? cells.Block(inGrid > 0 ? running[0].Trial : _latest, running.Select(trial => trial.Trial).Where(trial => trial <= _grid.Count))
            : null;
        return new(_spec.Name, counts, _epochs.PerSecond(now), _trials.PerSecond(now), SecondsLeft(running, now), block, running) { Seeds = _seeds };
    }

    /// <summary>The trial in a few words.</summary>
    public string LabelOf(int trial) => _grid.LabelAt(trial - 1);

    /// <summary>Epochs that the trial trains at most.</summary>
    public int EpochsOf(int trial) => _grid.SettingsAt(trial - 1).Training.Epochs;

    /// <summary>Claims ask for more and more, and at last for no more: an earlier word that comes late says nothing new.</summary>
    private void Asked(SweepEvent.SeedsAsked asked, long trials)
    {
        if (asked.Done || trials > _asked)
        {
            _asked = trials;
            _spare = asked.Done ? (int)(_grid.Count - trials) : 0;
            _seeds = new(asked.Asked.Min(run => run.Seeds), asked.Asked.Max(run => run.Seeds), _spec.Seeds.Count, asked.Done);
        }
    }

    private OpenTrial? Open(int trial)
    {
        if (HasEnded(trial))
        {
            return null;
        }

        if (!_open.TryGetValue(trial, out var open))
        {
            _open.Add(trial, open = new OpenTrial());
        }

        return open;
    }

    private bool Ended(int trial, TrialState state, int epochs, IReadOnlyDictionary<string, double> measures, DateTimeOffset now)
    {
        var known = _open.TryGetValue(trial, out var open) ? open.Epoch : 0;
        if (!End(trial, state, measures))
        {
            return false;
        }

        // A workload may report no epochs on the way.
        _epochs.Add(Math.Max(0, epochs - known), now);
        _trials.Add(trial <= _grid.Count ? 1 : 0, now);
        var work = WorkOf(trial);
        _workLeft -= work;
        _workDone += work;
        return true;
    }

    private bool End(int trial, TrialState state, IReadOnlyDictionary<string, double> measures)
    {
        if (HasEnded(trial) || state is TrialState.Pending or TrialState.Running)
        {
            return false;
        }

        _states[trial - 1] = state;
        _open.Remove(trial);
        if (trial <= _grid.Count)
        {
            _ended.Add(state);
            _cells?.Add(trial, state, measures);
            _latest = Math.Max(_latest, trial);
        }

        return true;
    }

    private void Reopen(int trial)
    {
        if (trial <= _grid.Count)
        {
            _cells?.Remove(trial);
            _ended.Add(_states[trial - 1], -1);
        }

        _states[trial - 1] = TrialState.Pending;
        _workLeft += WorkOf(trial);
    }

    private bool HasEnded(int trial) => _states[trial - 1] > TrialState.Running;

    private double WorkOf(int trial) => _work.TrialOf(_grid.SettingsAt(trial - 1));

    /// <summary>By the pace since the start, counted in expected work rather than trials: wide networks come at the end of a row, not evenly.</summary>
    private double? SecondsLeft(ImmutableArray<LiveTrial> running, DateTimeOffset now)
    {
        var underWay = running.Sum(trial => WorkOf(trial.Trial) * Math.Min(1, trial.Epoch / (double)Math.Max(1, EpochsOf(trial.Trial))));
        var elapsed = (now - _start).TotalSeconds;
        var done = _workDone + underWay;
        return elapsed < 3 || done <= 0 ? null : Math.Max(0, _workLeft - underWay) / done * elapsed;
    }

    private static double LastValue(TrialMeasured measured, string name)
    {
        var column = measured.Measures.ToList().IndexOf(name);
        var offset = ((measured.Weights.Count - 1) * measured.Measures.Count + column) * sizeof(double);
        return column < 0 || offset < 0 || offset + sizeof(double) > measured.Values.Length
            ? double.NaN
            : BinaryPrimitives.ReadDoubleLittleEndian(measured.Values.AsSpan(offset));
    }
}
