using System.Data;
using MemCluster.Messages;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Folds the journal's events into rows. Each stream's position moves in the same transaction as its rows, so that an event counts once,
/// whatever crashes in between. Used by one thread at a time.
/// </summary>
internal sealed class ReadModelWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statements _statements;
    private readonly SweepKeys _sweeps;
    private readonly MeasureRows _measures;
    private readonly ControlRows _control;
    private readonly Dictionary<string, StreamHead> _heads = [];

    public ReadModelWriter(string file)
    {
        _connection = ReadModelSchema.OpenForWriting(file);
        if (IsOutgrown(_connection))
        {
            ReadModelSchema.Empty(_connection);
        }

        _statements = new(_connection);
        _sweeps = new(_statements);
        _measures = new(_statements, _sweeps);
        _control = new(_statements, _sweeps, _measures);
    }

    /// <summary>Events written since the last commit.</summary>
    public int Uncommitted { get; private set; }

    /// <summary>False after an event failed half-way: what is not committed must not be.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Number of the last event folded in from this stream; 0 if none.</summary>
    public long PositionOf(string stream) => HeadOf(stream).Number;

    /// <summary>The last event folded in from this stream.</summary>
    public StreamHead HeadOf(string stream)
    {
        if (!_heads.TryGetValue(stream, out var head))
        {
            head = _statements.Run("SELECT number FROM streams WHERE name = $a", stream) is long number
                ? new(number, (string)_statements.Run("SELECT link FROM streams WHERE name = $a", stream)!)
                : StreamHead.Begin;
            _heads[stream] = head;
        }

        return head;
    }

    /// <summary>As a new file: nothing was ever read.</summary>
    public void Empty()
    {
        Commit();
        ReadModelSchema.Empty(_connection);
    }

    /// <summary>The event must be the next of its stream.</summary>
    public void Apply(Written written)
    {
        _statements.Begin();
        IsWhole = false;
        switch (written.Event)
        {
            case SweepEvent happened:
                _control.Apply(happened);
                break;
            case TrialMeasured batch:
                _measures.Apply(batch);
                break;
            case TrialFound batch:
                _measures.Apply(batch);
                break;
            default:
                throw ControlRows.NoRows(written.Event);
        }

        _statements.Run("INSERT INTO streams VALUES ($a, $b, $c) ON CONFLICT (name) DO UPDATE SET number = $b, link = $c", written.Stream, written.Number, written.Link);
        _heads[written.Stream] = new(written.Number, written.Link);
        Uncommitted++;
        IsWhole = true;
    }

    /// <summary>An earlier version, or a later, made the rows of a sweep whose spec it could not read and this one can: they are made again, from the journal.</summary>
    private static bool IsOutgrown(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT spec FROM sweeps WHERE blind = 1";
        using var specs = command.ExecuteReader();
        return specs.Cast<IDataRecord>().Any(row => SweepKeys.GridOf(row.GetString(0)) is not null);
    }

    public void Commit()
    {
        _statements.Commit();
        Uncommitted = 0;
    }

    /// <summary>Keeps what was applied; an event that failed half-way takes everything since the last commit with it.</summary>
    public void Dispose()
    {
        if (IsWhole)
        {
            Commit();
        }

        _statements.Dispose();
    }

    /// <summary>Removes the rows of every sweep of that name but the one of this stream; committed at once.</summary>
    /// <param name="keep">Control stream of the next sweep of that name, begun or not.</param>
    public void Forget(SweepId sweep, string keep)
    {
        if (PositionOf(keep) > 0 || _statements.Run("SELECT id FROM sweeps WHERE sweep = $a", sweep.Name) is not long id)
        {
            return;
        }

        _statements.Begin();
        IsWhole = false;
        foreach (var table in (string[])["trials", "attempts", "epochs", "findings", "absences"])
        {
            _statements.Run($"DELETE FROM {table} WHERE sweep = $a", id);
        }

        _statements.Run("DELETE FROM sweeps WHERE id = $a", id);
        _sweeps.Forget(sweep);
        IsWhole = true;
        Commit();
    }

    /// <summary>Says why the rest of a sweep's stream is not in the rows; committed at once.</summary>
    /// <param name="why">A sentence; null when it is in them.</param>
    public void SetAside(SweepId sweep, string? why)
    {
        if (why is null && !_control.IsSetAside(sweep))
        {
            return;
        }

        _statements.Begin();
        _control.SetAside(sweep, why ?? "");
        Commit();
    }
}
