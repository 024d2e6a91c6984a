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

    /// <summary>Journals from before versions were written down say 0; they have the tables of version 1.</summary>
    public override Task<int?> Version(CancellationToken cancel) => Task.FromResult(!File.Exists(file) ? null : On(connection =>
        (long)Scalar(connection, "PRAGMA user_version")! is var version and not 0 ? (int?)version : null));

    public override Task Create(CancellationToken cancel)
    {
        On(connection =>
        {
            Scalar(connection, "PRAGMA journal_mode=WAL");
            return Scalar(connection, $"PRAGMA user_version={JournalSchema.Current}");
        });
        return Task.CompletedTask;
    }

    /// <summary>A home has one such file.</summary>
    public override Task<string> Identity(CancellationToken cancel) => Task.FromResult("sqlite");

    private T On<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(file));
            connection.Open();
            return work(connection);
        }
        catch (SqliteException problem)
        {
            throw new UserError($"The journal {file} can't be opened: {problem.Message}. Restore it from a copy, or use another --home.");
        }
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string ConnectionString(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 30 }.ToString();
}
