namespace MemCluster.Coordinator;

/// <summary>A SQLite file with what stands beside it while it is at work.</summary>
public static class DatabaseFile
{
    /// <summary>What is behind the name of each.</summary>
    public static readonly IReadOnlyList<string> Parts = ["", "-wal", "-shm"];

    /// <summary>All of it; nothing where there is none.</summary>
    public static void Delete(string file)
    {
        foreach (var part in Parts)
        {
            File.Delete(file + part);
        }
    }
}
