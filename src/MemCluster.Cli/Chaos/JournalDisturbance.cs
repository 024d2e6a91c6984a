using MemCluster.Coordinator;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MemCluster.Cli.Chaos;

/// <summary>The journal's database as it fails: SQLite's file is locked by somebody else, a PostgreSQL server drops its connections again and again.</summary>
internal sealed class JournalDisturbance(ChaosHome home, JournalConnection? shared)
{
    private static readonly TimeSpan DropEvery = TimeSpan.FromSeconds(1);

    public Task<string?> Disturb(TimeSpan time, CancellationToken cancel) => shared is null ? Lock(time, cancel) : Drop(shared, time, cancel);

    private async Task<string?> Lock(TimeSpan time, CancellationToken cancel)
    {
        try
        {
            await using var open = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = home.Home.JournalFile,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = 10,
            }.ToString());
            open.Open();
            Run(open, "BEGIN EXCLUSIVE");
            try
            {
                await Task.Delay(time, cancel);
            }
            finally
            {
                Run(open, "ROLLBACK");
            }

            return null;
        }
        catch (SqliteException problem)
        {
            return $"nothing was done: {problem.Message.TrimEnd('.')}";
        }
    }

    private static async Task<string?> Drop(JournalConnection journal, TimeSpan time, CancellationToken cancel)
    {
        var (dropped, until) = (0L, Environment.TickCount64 + (long)time.TotalMilliseconds);
        try
        {
            await using var open = new NpgsqlConnection(journal.Secret);
            await open.OpenAsync(cancel);
            while (Environment.TickCount64 < until)
            {
                await using var command = new NpgsqlCommand(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", open);
                dropped += (long)(await command.ExecuteScalarAsync(cancel))!;
                await Task.Delay(DropEvery, cancel);
            }

            return $"{dropped} connections were dropped";
        }
        catch (NpgsqlException problem)
        {
            return $"nothing was done: {problem.Message}";
        }
    }

    private static void Run(SqliteConnection open, string sql)
    {
        using var command = open.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
