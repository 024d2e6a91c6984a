namespace MemCluster.Hosting;

/// <summary>The ways to start a node; each is a verb of memcluster, and the first two are executables of their own too.</summary>
[Flags]
public enum NodeVerb
{
    None = 0,
    Coordinator = 1,
    Trainer = 2,

    /// <summary>Both in one process, until its sweeps are over: <c>run</c> and <c>resume</c>.</summary>
    Run = 4,
}
