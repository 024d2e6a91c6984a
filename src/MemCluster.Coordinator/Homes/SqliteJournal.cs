using System.Data.Common;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql;
using MemCluster.Operations;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator;

/// <summary>The journal of one host: a SQLite file in the home, write-ahead logged, every commit on disk before it is answered.</summary>
internal sealed class SqliteJournal(string file) : JournalPlace
{
    public static Config Defaults => SqlPersistence.DefaultConfiguration;

    public override string Name => $"The journal {file}";

    public override bool IsShared => false;

    internal override IReadOnlyList<string> Profiles => [];

    internal override Config Config => ConfigOf(file);

    internal override IReadOnlyList<Setup> Setups => [];

    /// <summary>HOCON that puts journal, snapshots and queries on this file.</summary>
    public static Config ConfigOf(string file)
    {
        var connection = ConnectionString(file).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal.sql.connection-string = "{{connection}}"
            akka.persistence.journal.sql.provider-name = "SQLite.MS"
            akka.persistence.snapshot-store.sql.connection-string = "{{connection}}"
            akka.persistence.snapshot-store.sql.provider-name = "SQLite.MS"
            akka.persistence.query.journal.sql.connection-string = "{{connection}}"
            akka.persistence.query.journal.sql.provider-name = "SQLite.MS"
            """);
    }

    /// <summary>Write-ahead logging stays in the file, and so does the version: set once, before the actors open it and make their tables.</summary>
    /// <exception cref="UserError">The file is no database, can't be opened, or is not this version's.</exception>
    public static void Prepare(string file) => new SqliteJournal(file).Prepare(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Puts all of it into the one file, when nobody works on it any more.</summary>
    public static void Settle(string file)
    {
        try
        {
            SqliteConnection.ClearAllPools();
            using var open = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            open.Open();
            Scalar(open, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // What is in the log beside it is read from there.
        }
    }

    /// <summary>Tables from before versions were written down say 0; they are of version 1.</summary>
    public override Task<int?> Version(CancellationToken cancel) => Task.FromResult(!File.Exists(file) ? null : On(VersionOf));

    public override Task Create(CancellationToken cancel)
    {
        On(connection =>
        {
            Scalar(connection, "PRAGMA journal_mode=WAL");
            return Scalar(connection, $"BEGIN IMMEDIATE; {SqliteTables.Current} PRAGMA user_version={JournalSchema.Current}; COMMIT;");
        });
        return Task.CompletedTask;
    }

    public override Task<string?> Migrate(int from, CancellationToken cancel)
    {
        var copy = Enumerable.Range(0, 1000)
            .Select(number => Path.Combine(Path.GetDirectoryName(file)!, number == 0 ? $"journal.version-{from}.db" : $"journal.version-{from}.{number}.db"))
            .First(name => !File.Exists(name));
        return Task.FromResult<string?>(On(connection =>
        {
            // Whole by itself, without a write-ahead log beside it.
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", copy);
            command.ExecuteNonQuery();
            Scalar(connection, $"BEGIN IMMEDIATE; {SqliteTables.From1} PRAGMA user_version={JournalSchema.Current}; COMMIT;");
            return copy;
        }));
    }

    public override Task<JournalFacts> Inspect(CancellationToken cancel) => Task.FromResult(!File.Exists(file) ? JournalFacts.Empty : On(InspectDamaged));

    internal override async Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel)
    {
        if (!File.Exists(file))
        {
            throw new UserError($"There is no journal {file}. Run a sweep first, or name the home with --home.");
        }

        var open = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 30 }.ToString());
        await using (open.ConfigureAwait(false))
        {
            try
            {
                open.Open();
                Scalar(open, "PRAGMA query_only = 1; BEGIN");
            }
            catch (SqliteException problem)
            {
                throw new UserError($"The journal {file} can't be opened: {problem.Message.TrimEnd('.')}. {AdviceFor(problem)}");
            }

            return await work(open).ConfigureAwait(false);
        }
    }

    /// <summary>Some damage can't even be looked at.</summary>
    private JournalFacts InspectDamaged(SqliteConnection connection)
    {
        const int Corrupt = 11;
        const int NoDatabase = 26;
        try
        {
            return Inspect(connection);
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is Corrupt or NoDatabase)
        {
            return Damaged(problem);
        }
    }

    private JournalFacts Damaged(SqliteException problem) =>
        JournalFacts.Empty with { Version = JournalSchema.Current, HasUniqueKey = true, Damage = [problem.Message.TrimEnd('.')], Bytes = Size };

    private JournalFacts Inspect(SqliteConnection connection)
    {
        if (VersionOf(connection) is not { } version)
        {
            return JournalFacts.Empty;
        }

        var damage = Rows(connection, "PRAGMA integrity_check(10)", row => row.GetString(0)).Where(said => said != "ok").ToArray();
        if (damage.Length > 0)
        {
            return JournalFacts.Empty with { Version = version, HasUniqueKey = true, Damage = damage, Bytes = Size };
        }

        return new(
            version,
            Scalar(connection, """
                SELECT 1 FROM pragma_index_list('journal') AS keys WHERE keys."unique" = 1
                    AND (SELECT group_concat(name) FROM (SELECT name FROM pragma_index_info(keys.name) ORDER BY seqno)) = 'persistence_id,sequence_number'
                """) is not null,
            (long)Scalar(connection, "SELECT count(*) FROM journal")!,
            (int)(long)Scalar(connection, "SELECT count(DISTINCT persistence_id) FROM journal")!,
            (int)(long)Scalar(connection, "SELECT count(DISTINCT persistence_id) FROM journal WHERE persistence_id LIKE 'sweep-%'")!,
            (int)(long)Scalar(connection, "SELECT count(*) FROM snapshot")!,
            Size,
            [],
            Rows(connection, JournalQuestions.Holes, row => row.GetString(0)),
            Rows(connection, JournalQuestions.Kinds, row => (row.GetString(0), row.GetInt32(1))));
    }

    private long Size => new FileInfo(file).Length + (File.Exists(file + "-wal") ? new FileInfo(file + "-wal").Length : 0);

    private static int? VersionOf(SqliteConnection connection) =>
        (long)Scalar(connection, "PRAGMA user_version")! is var version and not 0 ? (int)version
        : Scalar(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'journal'") is null ? null
        : 1;

    /// <summary>A home has one such file.</summary>
    public override Task<string> Identity(CancellationToken cancel) => Task.FromResult("sqlite");

    private static string AdviceFor(SqliteException problem) => problem.SqliteErrorCode switch
    {
        JournalTrouble.Full => "Make room on its disk, then give the command again: nothing is lost.",
        JournalTrouble.Busy or JournalTrouble.Locked => "Another program holds it locked; end that one, then give the command again.",
        _ => "Restore it from a copy, or use another --home.",
    };

    private T On<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(file));
            connection.Open();
            return work(connection);
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is 8 or 14)
        {
            // Read-only, or not to be opened: nothing is said of what is in it.
            throw new UserError($"The journal {file} can't be opened for writing: {problem.Message.TrimEnd('.')}. Make the home writable for you, or work on a copy.");
        }
        catch (SqliteException problem)
        {
            throw new UserError($"The journal {file} can't be opened: {problem.Message.TrimEnd('.')}. {AdviceFor(problem)}");
        }
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static T[] Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return [.. rows];
    }

    private static string ConnectionString(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 30 }.ToString();
}
