using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator;

/// <summary>
/// Which journal the rows of a home were made from. Rows of another would be taken for this one's, and nothing new would be read into them.
/// </summary>
internal static class ReadModelOrigin
{
    /// <summary>The home's journal is elsewhere, where only a coordinator looks.</summary>
    public static bool IsElsewhere(Home home) => Read(home) is { } origin && origin != Sqlite;

    /// <summary>Removes rows that were made from another journal, and notes this one. Before the read model is opened.</summary>
    /// <param name="identity">Of the journal at work from now on.</param>
    /// <param name="isNew">It was made just now: rows that are here already are not of it.</param>
    public static void Settle(Home home, string identity, bool isNew = false)
    {
        if (isNew || (Read(home) ?? Sqlite) != identity)
        {
            SqliteConnection.ClearAllPools();
            DatabaseFile.Delete(home.ReadFile);
        }

        File.WriteAllText(home.OriginFile, identity);
    }

    /// <summary>Whether the rows were made from this journal.</summary>
    public static bool IsOf(Home home, string identity) => (Read(home) ?? Sqlite) == identity;

    private const string Sqlite = "sqlite";

    private static string? Read(Home home)
    {
        try
        {
            return File.ReadAllText(home.OriginFile);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
