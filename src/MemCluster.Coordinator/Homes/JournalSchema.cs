namespace MemCluster.Coordinator;

/// <summary>The version of the journal's tables, counted alike on SQLite and PostgreSQL. What the events say has versions of its own.</summary>
public static class JournalSchema
{
    /// <summary>What this program makes, and all that it writes to.</summary>
    public const int Current = 2;

    /// <returns>A sentence for the operator where this program must not write there; null where it may.</returns>
    public static string? Problem(int version, string place) => version switch
    {
        < Current => $"{place} has tables of version {version}, this program needs version {Current}. Say: memcluster journal migrate",
        > Current => $"{place} has tables of version {version}, made by a newer memcluster; this one knows version {Current}. Use the newer one.",
        _ => null,
    };
}
