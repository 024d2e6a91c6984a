using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Auditing;

/// <summary>
/// Whether a home's rows are those that its journal gives: folds the same events once more, beside it, and compares. Rows may be some events behind after a
/// crash; they are compared as of where they say that they are.
/// </summary>
internal sealed class RowsAudit : IDisposable
{
    private const int MostNamed = 20;

    private static readonly (string Table, string Columns, string From)[] Tables =
    [
        ("trials", "trial, state, epochs, measures, weights, absent", "trials"),
        ("attempts", "trial, attempt, trainer, assigned_at, ended_at, ended, epoch, seconds, longest_epoch, checkpoint", "attempts"),
        ("epochs", "trial, epoch, attempt, names, numbers, weights", "epochs JOIN {0}.measure_sets ON measure_set = measure_sets.id"),
        ("findings", "trial, epoch, name, attempt, first, form, length, bytes", "findings"),
        ("absences", "trial, epoch, name, attempt, first, form, word, numbers", "absences"),
    ];

    private readonly string _file;
    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-audit").FullName;
    private readonly Dictionary<string, StreamHead> _heads;
    private readonly Dictionary<string, StreamHead> _met = [];
    private readonly ReadModelWriter _again;

    /// <param name="file">The home's rows; there.</param>
    public RowsAudit(string file)
    {
        _file = file;
        _again = new(Again);
        using var rows = ReadModelSchema.OpenForReading(file) ?? throw new FileNotFoundException(file);
        _heads = Query(rows, "SELECT name, number, link FROM streams", row => (Name: row.GetString(0), Head: new StreamHead(row.GetInt64(1), row.GetString(2))))
            .ToDictionary(entry => entry.Name, entry => entry.Head);
    }

    private string Again => Path.Combine(_folder, "read.db");

    /// <summary>An event that is proved; those behind what the rows have are passed over.</summary>
    public void Take(Written written)
    {
        if (_heads.TryGetValue(written.Stream, out var head) && written.Number <= head.Number)
        {
            _again.Apply(written);
            _met[written.Stream] = new(written.Number, written.Link);
            if (_again.Uncommitted >= 10_000)
            {
                _again.Commit();
            }
        }
    }

    /// <param name="streams">Of the sweep; all of their events were taken.</param>
    public IEnumerable<AuditFinding> Compare(SweepId sweep, IReadOnlyList<string> streams)
    {
        _again.Commit();
        foreach (var stream in streams.Where(_heads.ContainsKey))
        {
            if (_met.GetValueOrDefault(stream, StreamHead.Begin) != _heads[stream])
            {
                yield return new(
                    sweep, null, "read.db streams",
                    $"The rows say that event {_heads[stream].Number} of {stream} is in them, with another link than the journal's, or the journal has lost it.", AuditRemedy.Rows);
                yield break;
            }
        }

        using var rows = ReadModelSchema.OpenForReading(_file)!;
        Query(rows, $"ATTACH '{Again.Replace("'", "''", StringComparison.Ordinal)}' AS again", _ => 0);
        if (!streams.Any(_heads.ContainsKey))
        {
            yield break; // Not begun when the rows were last written.
        }

        var ids = Query(rows, $"SELECT a.id, b.id FROM main.sweeps a, again.sweeps b WHERE a.sweep = '{sweep}' AND b.sweep = '{sweep}'", row => (row.GetInt64(0), row.GetInt64(1)));
        if (ids is not [var (mine, theirs)])
        {
            yield return new(sweep, null, "read.db sweeps", $"The rows have no sweep {sweep}.", AuditRemedy.Rows);
            yield break;
        }

        const string Sweep = "SELECT spec, digest, numerics, trials, submitted_at, hold, priority, problem, blind, asked, settled FROM";
        if (Query(rows, $"{Sweep} main.sweeps WHERE id = {mine} EXCEPT {Sweep} again.sweeps WHERE id = {theirs}", _ => 0).Count > 0)
        {
            yield return new(sweep, null, "read.db sweeps", $"The row of {sweep} is not what the journal says of it.", AuditRemedy.Rows);
        }

        foreach (var (table, columns, from) in Tables)
        {
            string Of(string schema, long id) => $"SELECT {columns} FROM {schema}.{string.Format(System.Globalization.CultureInfo.InvariantCulture, from, schema)} WHERE sweep = {id}";
            foreach (var trial in Query(
                rows,
                $"SELECT DISTINCT trial FROM (SELECT * FROM ({Of("main", mine)} EXCEPT {Of("again", theirs)}) UNION ALL SELECT * FROM ({Of("again", theirs)} EXCEPT {Of("main", mine)})) ORDER BY trial LIMIT {MostNamed}",
                row => row.GetInt32(0)))
            {
                yield return new(sweep, trial, $"read.db {table}", $"What the rows say of trial {trial} is not what the journal says.", AuditRemedy.Rows);
            }
        }
    }

    /// <summary>The answers of a sweep's rows, made anew.</summary>
    public ReadingOperator Answers()
    {
        _again.Commit();
        return new(new ReadModelReader(Again));
    }

    /// <summary>All that the journal has of it is in the rows.</summary>
    public bool HasAll(string stream, StreamHead head) => _heads.GetValueOrDefault(stream, StreamHead.Begin) == head;

    public void Dispose()
    {
        _again.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static List<T> Query<T>(SqliteConnection open, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = open.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
