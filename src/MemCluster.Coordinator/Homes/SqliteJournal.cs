using Akka.Configuration;
using Akka.Persistence.Sql;
using MemCluster.Operations;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator;

/// <summary>The journal of one host: a SQLite file in the home, write-ahead logged, every commit on disk before it is answered.</summary>
internal static class SqliteJournal
{
    public static Config Defaults => SqlPersistence.DefaultConfiguration;

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

    /// <summary>Write-ahead logging stays in the file: set once, before the actors open it.</summary>
    /// <exception cref="UserError">The file is no database, or can't be opened.</exception>
    public static void Prepare(string file)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(file));
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL;";
            command.ExecuteNonQuery();
        }
        catch (SqliteException problem)
        {
            throw new UserError($"The journal {file} can't be opened: {problem.Message}. Restore it from a copy, or use another --home.");
        }
    }

    private static string ConnectionString(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 30 }.ToString();
}
