namespace MemCluster.Sweeps;

/// <summary>What to do about what an audit found.</summary>
public static class AuditRemedy
{
    /// <summary>Something in the journal is not what was written. Trials are deterministic: what is lost can be trained again.</summary>
    public const string Salvage = "Set it aside with: memcluster journal salvage   What it held is trained again by the next run, to the same bits.";

    /// <summary>Rows are made from the journal.</summary>
    public const string Rows = "Delete read.db; it is made again from the journal.";

    /// <summary>Results are made from the journal.</summary>
    public const string Results = "Write them again with: memcluster export";

    /// <summary>Two records of one trial differ.</summary>
    public const string Replay = "See which of them this machine gives with: memcluster replay";

    /// <summary>Written by something else, or a later version.</summary>
    public const string Version = "Use the version that wrote it.";
}
