using MemCluster.Hosting;
using MemCluster.Messages;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Reading;

/// <summary>Whether rows were made from the journal beside them, as it is now: the last event of each stream must stand in both, and be the last.</summary>
internal static class RowsOfJournal
{
    /// <returns>True where there are no rows.</returns>
    public static bool AreCurrent(Home home)
    {
        try
        {
            using var rows = ReadModelSchema.OpenForReading(home.ReadFile);
            if (rows is null)
            {
                return true;
            }

            using var journal = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = home.JournalFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            journal.Open();
            return rows.Rows("SELECT name, number, link FROM streams").Select(row => (row.GetString(0), row.GetInt64(1), row.GetString(2))).ToArray()
                .All(head => IsLast(journal, head));
        }
        catch (SqliteException)
        {
            return false; // Whoever makes them anew finds out what is wrong.
        }
    }

    /// <summary>How many sweeps there are rows of; 0 where there are none that this version can read.</summary>
    public static int Sweeps(Home home)
    {
        using var rows = ReadModelSchema.OpenForReading(home.ReadFile);
        return rows is null ? 0 : (int)rows.Rows("SELECT count(*) FROM sweeps").Select(row => row.GetInt64(0)).Single();
    }

    /// <summary>How many trials of a sweep have ended, as the rows say, which may be behind, or wrong: a hint.</summary>
    public static int Ended(Home home, SweepId sweep)
    {
        try
        {
            return new ReadModelReader(home.ReadFile).Find(sweep)?.Counts.Ended ?? 0;
        }
        catch (SqliteException)
        {
            return 0;
        }
    }

    private static bool IsLast(SqliteConnection journal, (string Stream, long Number, string Link) head)
    {
        using var command = journal.CreateCommand();
        command.CommandText = """
            SELECT sequence_number, coalesce(manifest, ''), coalesce(identifier, 0), message FROM journal
            WHERE persistence_id = $stream ORDER BY sequence_number DESC LIMIT 1
            """;
        command.Parameters.AddWithValue("$stream", head.Stream);
        using var last = command.ExecuteReader();
        return last.Read() && last.GetInt64(0) == head.Number
            && (last.GetInt32(2) != JournalSerializer.Id || JournalEntry.Parse(last.GetFieldValue<byte[]>(3), last.GetString(1)).Link == head.Link);
    }
}
