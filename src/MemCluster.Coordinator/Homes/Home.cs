using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>The folder that holds everything of the sweeps run from one place: journal, read model, results.</summary>
public sealed record Home
{
    public Home(string folder) => Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>Its full path.</summary>
    public string Folder { get; }

    /// <summary>The truth: events and snapshots.</summary>
    public string JournalFile => Path.Combine(Folder, "journal.db");

    /// <summary>Rows for people, made from the journal; may be deleted at any time.</summary>
    public string ReadFile => Path.Combine(Folder, "read.db");

    /// <summary>Which journal those rows were made from.</summary>
    public string OriginFile => Path.Combine(Folder, "read.origin");

    public string LogFile => Path.Combine(Folder, "memcluster.log");

    /// <summary>Held by the one process that writes here.</summary>
    public string LockFile => Path.Combine(Folder, "lock");

    /// <summary>Where the process that holds the lock is reached.</summary>
    public string RunningFile => Path.Combine(Folder, "running.json");

    /// <summary>Addresses of the cluster's other nodes when the coordinator last looked.</summary>
    public string MembersFile => Path.Combine(Folder, "members.json");

    /// <summary>Trials of this process between two epochs; may be deleted at any time, and costs then the epochs in them.</summary>
    public string CheckpointsFolder => Path.Combine(Folder, "checkpoints");

    public string ResultsOf(SweepId sweep) => Path.Combine(Folder, "results", sweep.Name);
}
