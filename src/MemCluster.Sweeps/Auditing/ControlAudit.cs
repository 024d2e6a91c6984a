using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Plays a sweep's control stream again and looks whether each event could have happened: a trial is assigned only while it is pending, under its next
/// attempt, and ends once, by the attempt under way.
/// </summary>
public sealed class ControlAudit(SweepId sweep, string stream)
{
    private readonly List<AuditFinding> _findings = [];
    private readonly Dictionary<int, SweepEvent.TrialFinished> _results = [];
    private readonly HashSet<int> _doubtful = [];
    private readonly List<string> _notes = [];
    private SweepBook _book = new(sweep);

    public IReadOnlyList<AuditFinding> Findings => _findings;

    /// <summary>What went wrong and was made good since, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Null before the sweep is begun, or where it can't be read.</summary>
    public SweepState? State => _book.State;

    public Grid? Grid => _book.Grid;

    /// <summary>The end of each trial that has a result, by its place from 1.</summary>
    public IReadOnlyDictionary<int, SweepEvent.TrialFinished> Results => _results;

    /// <summary>Trials whose history is not whole, from 1.</summary>
    public IReadOnlySet<int> Doubtful => _doubtful;

    /// <summary>An event is not what was written: of the trial that it names, nothing is certain any more.</summary>
    /// <param name="trial">As far as the damaged event can still be read; null if it can't.</param>
    public void Broken(long number, int? trial, string what)
    {
        if (trial is { } known)
        {
            _doubtful.Add(known);
        }

        _findings.Add(new(sweep, trial, $"{stream} {number}", what, AuditRemedy.Salvage));
    }

    public void Take(long number, SweepEvent happened)
    {
        if (_book.Unreadable is not null)
        {
            return;
        }

        if (Impossible(happened) is { } why)
        {
            var trial = AttemptOf(happened)?.Trial;
            if (trial is null || _doubtful.Add(trial.Value))
            {
                _findings.Add(new(sweep, trial, $"{stream} {number}", $"{char.ToUpperInvariant(why[0])}{why[1..]}; an event before it is gone, or not what was written.", AuditRemedy.Salvage));
            }

            if (_book.State is null)
            {
                return;
            }
        }

        _book = _book.Apply(happened);
        if (_book.Unreadable is { } unreadable)
        {
            _findings.Add(new(sweep, null, $"{stream} {number}", unreadable, AuditRemedy.Version));
        }
        else if (happened is SweepEvent.TrialLost { JournalLost: true } lost)
        {
            _notes.Add($"{sweep}, trial {lost.Trial}: attempt {lost.Key.Attempt} was given up, for {lost.Why} ({stream} {number}). It was trained again.");
        }
        else if (happened is SweepEvent.TrialFinished finished)
        {
            _results[finished.Trial] = finished;
        }
    }

    /// <summary>The attempt that an event is about; null if it is about none.</summary>
    public static (TrialKey Key, int Trial)? AttemptOf(IMessage happened) => happened switch
    {
        SweepEvent.TrialAssigned trial => (trial.Key, trial.Trial),
        SweepEvent.TrialLost trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFinished trial => (trial.Key, trial.Trial),
        SweepEvent.TrialFailed trial => (trial.Key, trial.Trial),
        TrialMeasured batch => (batch.Key, batch.Trial),
        TrialFound batch => (batch.Key, batch.Trial),
        _ => null,
    };

    /// <returns>Why the event can't have happened now; null if it can.</returns>
    private string? Impossible(SweepEvent happened)
    {
        if (_book.State is not { } state)
        {
            return happened is SweepEvent.SweepSubmitted ? null : "it comes before the sweep was begun";
        }

        if (happened is SweepEvent.SweepSubmitted)
        {
            return "the sweep is begun a second time";
        }

        if (state.Deleted)
        {
            return "it comes after the sweep was deleted";
        }

        if (AttemptOf(happened) is not var (key, trial))
        {
            return null;
        }

        if (trial < 1 || trial > state.Shape.Trials + state.Shape.ScoringTrials || state.Shape.CellAt(trial - 1) != key.Cell)
        {
            return $"the sweep has no trial {trial} of that cell";
        }

        return happened switch
        {
            SweepEvent.TrialAssigned when state.StateOf(trial - 1) != TrialState.Pending =>
                $"trial {trial} is handed out while it is {state.StateOf(trial - 1).ToString().ToLowerInvariant()}",
            SweepEvent.TrialAssigned when state.NextKey(trial - 1).Attempt > key.Attempt => $"attempt {key.Attempt} of trial {trial} is handed out a second time",
            SweepEvent.TrialAssigned => null,
            SweepEvent.TrialFailed when state.StateOf(trial - 1) is TrialState.Pending or TrialState.Waiting => null, // Its scores will never come.
            _ when state.Find(key) is null => $"attempt {key.Attempt} of trial {trial} ends without being under way",
            _ => null,
        };
    }
}
