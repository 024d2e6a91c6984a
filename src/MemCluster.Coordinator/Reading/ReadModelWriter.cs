using System.Data;
using System.Globalization;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Folds the journal's events into rows. Each stream's position moves in the same transaction as its rows, so that an event counts once,
/// whatever crashes in between. Used by one thread at a time.
/// </summary>
internal sealed partial class ReadModelWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly Dictionary<string, long> _positions = [];
    private readonly Dictionary<SweepId, Sweep> _sweeps = [];
    private readonly Dictionary<string, long> _measureSets = [];
    private SqliteTransaction? _transaction;

    public ReadModelWriter(string file)
    {
        _connection = ReadModelSchema.OpenForWriting(file);
        if (IsOutgrown())
        {
            ReadModelSchema.Empty(_connection);
        }
    }

    /// <summary>Events written since the last commit.</summary>
    public int Uncommitted { get; private set; }

    /// <summary>False after an event failed half-way: what is not committed must not be.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Number of the last event folded in from this stream; 0 if none.</summary>
    public long PositionOf(string stream)
    {
        if (!_positions.TryGetValue(stream, out var number))
        {
            number = Run("SELECT number FROM streams WHERE name = $a", stream) as long? ?? 0;
            _positions[stream] = number;
        }

        return number;
    }

    /// <summary>The event must be the next of its stream.</summary>
    public void Apply(Written written)
    {
        _transaction ??= _connection.BeginTransaction();
        IsWhole = false;
        switch (written.Event)
        {
            case SweepEvent happened:
                Apply(happened);
                break;
            case TrialMeasured batch:
                Apply(batch);
                break;
            case TrialFound batch:
                Apply(batch);
                break;
            default:
                throw NoRows(written.Event);
        }

        Run("INSERT INTO streams VALUES ($a, $b) ON CONFLICT (name) DO UPDATE SET number = $b", written.Stream, written.Number);
        _positions[written.Stream] = written.Number;
        Uncommitted++;
        IsWhole = true;
    }

    /// <summary>An earlier version, or a later, made the rows of a sweep whose spec it could not read and this one can: they are made again, from the journal.</summary>
    private bool IsOutgrown()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT spec FROM sweeps WHERE blind = 1";
        using var specs = command.ExecuteReader();
        return specs.Cast<IDataRecord>().Any(row => GridOf(row.GetString(0)) is not null);
    }

    public void Commit()
    {
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
        Uncommitted = 0;
    }

    /// <summary>Keeps what was applied; an event that failed half-way takes everything since the last commit with it.</summary>
    public void Dispose()
    {
        if (IsWhole)
        {
            Commit();
        }
        else
        {
            _transaction?.Dispose();
        }

        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    /// <summary>Removes the rows of every sweep of that name but the one of this stream; committed at once.</summary>
    /// <param name="keep">Control stream of the next sweep of that name, begun or not.</param>
    public void Forget(SweepId sweep, string keep)
    {
        if (PositionOf(keep) > 0 || Run("SELECT id FROM sweeps WHERE sweep = $a", sweep.Name) is not long id)
        {
            return;
        }

        _transaction ??= _connection.BeginTransaction();
        IsWhole = false;
        foreach (var table in (string[])["trials", "attempts", "epochs", "findings", "absences"])
        {
            Run($"DELETE FROM {table} WHERE sweep = $a", id);
        }

        Run("DELETE FROM sweeps WHERE id = $a", id);
        _sweeps.Remove(sweep);
        IsWhole = true;
        Commit();
    }

    /// <summary>Says why the rest of a sweep's stream is not in the rows; committed at once.</summary>
    /// <param name="why">A sentence; null when it is in them.</param>
    public void SetAside(SweepId sweep, string? why)
    {
        if (why is null && Run("SELECT 1 FROM sweeps WHERE sweep = $a AND problem <> ''", sweep.Name) is null)
        {
            return;
        }

        _transaction ??= _connection.BeginTransaction();
        Run("INSERT INTO sweeps (sweep, spec, digest, numerics, trials, submitted_at, problem) VALUES ($a, '', '', '', 0, $b, $c) "
            + "ON CONFLICT (sweep) DO UPDATE SET problem = $c", sweep.Name, Text(DateTimeOffset.UnixEpoch), why ?? "");
        Commit();
    }

    private void Apply(SweepEvent happened)
    {
        switch (happened)
        {
            case SweepEvent.SweepSubmitted submitted:
                Run("DELETE FROM sweeps WHERE sweep = $a AND problem <> ''", submitted.Sweep.Name); // Its stream can be read again.
                _sweeps.Remove(submitted.Sweep);
                Run("INSERT INTO sweeps (sweep, spec, digest, numerics, trials, submitted_at) VALUES ($a, $b, $c, $d, $e, $f)",
                    submitted.Sweep.Name, submitted.Spec, submitted.Digest, submitted.NumericsVersion, submitted.Trials, Text(submitted.At));
                break;

            case SweepEvent.SpecAmended amended:
                Run("UPDATE sweeps SET spec = $b WHERE id = $a", IdOf(amended.Sweep), amended.Spec);
                _sweeps.Remove(amended.Sweep);
                break;

            case SweepEvent.VersionAccepted accepted:
                Run("UPDATE sweeps SET numerics = $b WHERE id = $a", IdOf(accepted.Sweep), accepted.NumericsVersion);
                break;

            case SweepEvent.TrialAssigned assigned:
                var sweep = IdOf(assigned.Key.Sweep);
                SetTrial(sweep, assigned.Trial, TrialState.Running);
                Run("INSERT INTO attempts VALUES ($a, $b, $c, $d, $e, NULL, '', 0, NULL, NULL, NULL)",
                    sweep, assigned.Trial, assigned.Key.Attempt, assigned.Trainer, Text(assigned.At));
                break;

            case SweepEvent.TrialLost lost:
                Run("DELETE FROM trials WHERE sweep = $a AND trial = $b", IdOf(lost.Key.Sweep), lost.Trial);
                EndAttempt(lost.Key, lost.Trial, $"{(lost.HandedBack == true ? "handed back" : "lost")}: {lost.Why}", lost.Epoch, null, lost.At);
                break;

            case SweepEvent.TrialFailed failed:
                SetTrial(IdOf(failed.Key.Sweep), failed.Trial, TrialState.Failed);

                // One whose scores will never come fails without ever having been in a trainer's hands.
                Run("INSERT OR IGNORE INTO attempts VALUES ($a, $b, $c, '', $d, NULL, '', 0, NULL, NULL, NULL)",
                    IdOf(failed.Key.Sweep), failed.Trial, failed.Key.Attempt, Text(failed.At));
                EndAttempt(failed.Key, failed.Trial, $"failed: {failed.Error}", 0, failed.Spent, failed.At);
                OnlyAttempt(failed.Key, failed.Trial);
                break;

            case SweepEvent.TrialFinished finished:
                Finish(finished);
                break;

            case SweepEvent.SweepHeld held:
                Run("UPDATE sweeps SET hold = $b WHERE id = $a", IdOf(held.Sweep), held.Hold);
                break;

            case SweepEvent.SweepResumed resumed:
                Run("UPDATE sweeps SET hold = '' WHERE id = $a", IdOf(resumed.Sweep));
                break;

            case SweepEvent.PrioritySet set:
                Run("UPDATE sweeps SET priority = $b WHERE id = $a", IdOf(set.Sweep), set.Priority);
                break;

            case SweepEvent.SweepCancelled cancelled:
                var known = SweepOf(cancelled.Sweep);
                Cancel(known.Id, known.Grid is { } grid ? grid.Count + grid.ScoringCount : KnownTrials(known), cancelled.At);
                break;

            case SweepEvent.TrialsRetried retried:
                Run($"DELETE FROM trials WHERE sweep = $a AND state IN ({(int)TrialState.Failed}, $b)",
                    IdOf(retried.Sweep), (int)(retried.OnlyFailed ? TrialState.Failed : TrialState.Cancelled));
                break;

            case SweepEvent.FingerprintSettled or SweepEvent.SweepDeleted:
                break; // No row tells of the one; the other's rows go when the coordinator forgets the sweep.

            default:
                throw NoRows(happened);
        }
    }

    /// <summary>A new event must be loud here: passed over, its rows would be wrong and nobody would know.</summary>
    private static NotSupportedException NoRows(IMessage happened) => new($"What does a {happened.GetType().Name} change in the read model?");

    /// <summary>A pending trial has no row; cancelled, it gets one.</summary>
    private void Cancel(long sweep, int trials, DateTimeOffset at)
    {
        Run("UPDATE attempts SET ended_at = $b, ended = 'cancelled' WHERE sweep = $a AND ended_at IS NULL", sweep, Text(at));
        Run($"""
            INSERT OR REPLACE INTO trials
            WITH RECURSIVE places (trial) AS (
                SELECT 1 UNION ALL SELECT trial + 1 FROM places WHERE trial < $b)
            SELECT $a, trial, {(int)TrialState.Cancelled}, 0, NULL, '', NULL FROM places WHERE NOT EXISTS (
                SELECT 1 FROM trials WHERE trials.sweep = $a AND trials.trial = places.trial AND state > {(int)TrialState.Running})
            """, sweep, trials);
        Run("UPDATE sweeps SET hold = '' WHERE id = $a", sweep);
    }

    /// <summary>Without a spec nobody knows how many trials compute scores, but those that began.</summary>
    private int KnownTrials(Sweep sweep)
    {
        IsBlind(sweep);
        return (int)(long)Run("SELECT max(sweeps.trials, coalesce((SELECT max(trial) FROM attempts WHERE sweep = $a), 0)) FROM sweeps WHERE id = $a", sweep.Id)!;
    }

    private void IsBlind(Sweep sweep) => Run("UPDATE sweeps SET blind = 1 WHERE id = $a", sweep.Id);

    private void Finish(SweepEvent.TrialFinished finished)
    {
        var (sweep, grid) = SweepOf(finished.Key.Sweep);
        var outcome = finished.Outcome;
        SetTrial(
            sweep, finished.Trial, outcome.State, outcome.Epochs, JsonSerializer.Serialize(outcome.Measures, MessageJson.Options), outcome.Weights,
            outcome.Absent is null ? null : JsonSerializer.Serialize(outcome.Absent, MessageJson.Options));
        EndAttempt(
            finished.Key, finished.Trial, outcome.State == TrialState.Diverged ? "diverged" : "finished", outcome.Epochs, finished.Spent, finished.At);

        OnlyAttempt(finished.Key, finished.Trial);

        if (grid is null)
        {
            IsBlind(new(sweep, null));
            return;
        }

        var shape = JsonSerializer.Serialize(WorkShape.Of(grid.SettingsAt(finished.Trial - 1)), MessageJson.Options);
        Run("INSERT INTO timings VALUES ($a, 1, $b, $c) "
            + "ON CONFLICT (shape) DO UPDATE SET trials = trials + 1, epochs = epochs + $b, seconds = seconds + $c",
            shape, outcome.Epochs, finished.Spent.TotalSeconds);
    }

    /// <summary>Another attempt has ended the trial and alone speaks for it; what this one measured was read from the journal after that.</summary>
    private bool IsOutspoken(long sweep, int trial, int attempt) => Run(
        "SELECT 1 FROM attempts WHERE sweep = $a AND trial = $b AND attempt > $c AND ended_at IS NOT NULL AND seconds IS NOT NULL", sweep, trial, attempt) is not null;

    private void SetTrial(long sweep, int trial, TrialState state, int epochs = 0, string? measures = null, string weights = "", string? absent = null) =>
        Run("INSERT OR REPLACE INTO trials VALUES ($a, $b, $c, $d, $e, $f, $g)", sweep, trial, (int)state, epochs, measures, weights, absent);

    private void EndAttempt(TrialKey key, int trial, string ended, int epoch, TimeSpan? spent, DateTimeOffset at) =>
        Run("UPDATE attempts SET ended_at = $d, ended = $e, epoch = $f, seconds = $g WHERE sweep = $a AND trial = $b AND attempt = $c",
            IdOf(key.Sweep), trial, key.Attempt, Text(at), ended, epoch, spent?.TotalSeconds);

    /// <summary>An earlier attempt may have measured epochs that the one which ended the trial had not; only one attempt speaks for a trial.</summary>
    private void OnlyAttempt(TrialKey key, int trial)
    {
        Run("DELETE FROM epochs WHERE sweep = $a AND trial = $b AND attempt <> $c", IdOf(key.Sweep), trial, key.Attempt);
        Run("DELETE FROM findings WHERE sweep = $a AND trial = $b AND attempt <> $c", IdOf(key.Sweep), trial, key.Attempt);
        Run("DELETE FROM absences WHERE sweep = $a AND trial = $b AND attempt <> $c", IdOf(key.Sweep), trial, key.Attempt);
    }

    private long MeasureSet(string names)
    {
        if (!_measureSets.TryGetValue(names, out var id))
        {
            Run("INSERT OR IGNORE INTO measure_sets (names) VALUES ($a)", names);
            id = (long)Run("SELECT id FROM measure_sets WHERE names = $a", names)!;
            _measureSets[names] = id;
        }

        return id;
    }

    private long IdOf(SweepId sweep) => SweepOf(sweep).Id;

    private Sweep SweepOf(SweepId sweep)
    {
        if (!_sweeps.TryGetValue(sweep, out var known))
        {
            var spec = (string)Run("SELECT spec FROM sweeps WHERE sweep = $a", sweep.Name)!;
            var id = (long)Run("SELECT id FROM sweeps WHERE sweep = $a", sweep.Name)!;
            _sweeps[sweep] = known = new(id, GridOf(spec));
        }

        return known;
    }

    private static Grid? GridOf(string spec) => SpecBook.Shared.Of(spec) is StoredSpec.Readable read ? new(read.Spec) : null;

    /// <param name="Grid">Null where the spec can't be read; most events fold without it.</param>
    private sealed record Sweep(long Id, Grid? Grid);

    private static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Statements are prepared once and run ten thousand times a second; parameters are $a, $b, … in order.</summary>
    private object? Run(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var index = 0; index < values.Length; index++)
            {
                command.Parameters.Add(new SqliteParameter($"${(char)('a' + index)}", null));
            }

            _commands[sql] = command;
        }

        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        command.Transaction = _transaction;
        var result = command.ExecuteScalar();
        return result is DBNull ? null : result;
    }
}
