using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Reading;

/// <summary>The read model's tables. All of it can be made again from the journal, so another version's file is thrown away.</summary>
internal static class ReadModelSchema
{
    private const int Version = 11;

    private const string Tables = """
        -- How far each stream is in the rows, and the link of that event in its chain.
        CREATE TABLE streams (name TEXT PRIMARY KEY, number INTEGER NOT NULL, link TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE sweeps (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sweep TEXT NOT NULL UNIQUE, spec TEXT NOT NULL, digest TEXT NOT NULL,
            numerics TEXT NOT NULL, trials INTEGER NOT NULL, submitted_at TEXT NOT NULL,
            hold TEXT NOT NULL DEFAULT '', priority INTEGER NOT NULL DEFAULT 0,
            -- Why the rest of its stream is not in the rows, a sentence.
            problem TEXT NOT NULL DEFAULT '',
            -- Some rows could not be made, since the spec could not be read.
            blind INTEGER NOT NULL DEFAULT 0,
            -- Attempts that were given up because the journal had lost epochs of them.
            journal_lost INTEGER NOT NULL DEFAULT 0,
            -- Seeds that its claims asked for, as the last event says it; empty where none did. Settled: they ask for no more.
            asked TEXT NOT NULL DEFAULT '', settled INTEGER NOT NULL DEFAULT 0);
        -- Only trials that are not pending; a pending one is what the spec says.
        CREATE TABLE trials (
            sweep INTEGER NOT NULL, trial INTEGER NOT NULL, state INTEGER NOT NULL, epochs INTEGER NOT NULL,
            measures TEXT, weights TEXT NOT NULL, absent TEXT, PRIMARY KEY (sweep, trial)) WITHOUT ROWID;
        CREATE INDEX trials_by_state ON trials (sweep, state);
        CREATE TABLE attempts (
            sweep INTEGER NOT NULL, trial INTEGER NOT NULL, attempt INTEGER NOT NULL, trainer TEXT NOT NULL, assigned_at TEXT NOT NULL,
            ended_at TEXT, ended TEXT NOT NULL, epoch INTEGER NOT NULL, seconds REAL, longest_epoch REAL, checkpoint INTEGER,
            PRIMARY KEY (sweep, trial, attempt)) WITHOUT ROWID;
        CREATE TABLE measure_sets (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE);
        CREATE TABLE epochs (
            sweep INTEGER NOT NULL, trial INTEGER NOT NULL, epoch INTEGER NOT NULL, attempt INTEGER NOT NULL,
            measure_set INTEGER NOT NULL, numbers BLOB NOT NULL, weights TEXT NOT NULL, PRIMARY KEY (sweep, trial, epoch)) WITHOUT ROWID;
        -- What the spec's own measures found, in parts as they came: `first` is the part's place among the bytes of the whole.
        CREATE TABLE findings (
            sweep INTEGER NOT NULL, trial INTEGER NOT NULL, epoch INTEGER NOT NULL, name TEXT NOT NULL, attempt INTEGER NOT NULL, first INTEGER NOT NULL,
            form TEXT NOT NULL, length INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (sweep, trial, epoch, name, attempt, first)) WITHOUT ROWID;
        -- Numbers that are not finite: how many of a part of a finding, or 1 of an epoch's measures. Few, so that nobody has to look through all numbers for them.
        CREATE TABLE absences (
            sweep INTEGER NOT NULL, trial INTEGER NOT NULL, epoch INTEGER NOT NULL, name TEXT NOT NULL, attempt INTEGER NOT NULL, first INTEGER NOT NULL,
            form TEXT NOT NULL, word INTEGER NOT NULL, numbers INTEGER NOT NULL, PRIMARY KEY (sweep, trial, epoch, name, attempt, first, word)) WITHOUT ROWID;
        CREATE TABLE timings (shape TEXT PRIMARY KEY, trials INTEGER NOT NULL, epochs INTEGER NOT NULL, seconds REAL NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Of all tables.</summary>
    private static readonly IReadOnlyList<string> Names = ["streams", "sweeps", "trials", "attempts", "measure_sets", "epochs", "findings", "absences", "timings"];

    /// <summary>Before it is opened for writing: a file that is not as it was closed in order goes.</summary>
    public static void DropUnlessSealed(string file)
    {
        if (FileSeal.Holds(file) != true)
        {
            DatabaseFile.Delete(file);
        }

        FileSeal.Open(file);
    }

    /// <summary>Opens the file for writing, with empty tables if it is new or of another version.</summary>
    public static SqliteConnection OpenForWriting(string file)
    {
        var connection = Open(file, SqliteOpenMode.ReadWriteCreate);
        var version = VersionOf(connection);
        if (version is not 0 and not Version)
        {
            connection.Dispose();
            SqliteConnection.ClearAllPools();
            DatabaseFile.Delete(file);
            connection = Open(file, SqliteOpenMode.ReadWriteCreate);
            version = 0;
        }

        // Losing the last moments in a power cut costs nothing: they are read from the journal again.
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
        if (version == 0)
        {
            Execute(connection, $"BEGIN; {Tables} PRAGMA user_version={Version}; COMMIT;");
        }

        return connection;
    }

    /// <summary>Opens the file for reading beside a writer; null if there is none yet, or it is of another version.</summary>
    public static SqliteConnection? OpenForReading(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var connection = Open(file, SqliteOpenMode.ReadOnly);
        if (VersionOf(connection) == Version)
        {
            return connection;
        }

        connection.Dispose();
        return null;
    }

    /// <summary>As it was when it was made.</summary>
    public static void Empty(SqliteConnection connection) => Execute(connection, "BEGIN; "
        + string.Concat(Names.Select(table => $"DELETE FROM {table}; "))
        + "COMMIT;");

    /// <summary>Not there, or of another version: to be made again from the journal.</summary>
    public static bool IsMissing(string file)
    {
        using var connection = OpenForReading(file);
        return connection is null;
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>−1 for a file that is damaged, or no database at all: as good as another version's.</summary>
    private static long VersionOf(SqliteConnection connection)
    {
        const int Corrupt = 11;
        const int NoDatabase = 26;
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        try
        {
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is Corrupt or NoDatabase)
        {
            return -1;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
