namespace MemCluster.Hosting;

/// <summary>What a node may be, and the names under which its actors are found.</summary>
public static class Roles
{
    public const string Coordinator = "coordinator";
    public const string Trainer = "trainer";

    /// <summary>Every node's actor system has this name, or nodes could not join each other.</summary>
    public const string SystemName = "memcluster";

    /// <summary>Name of the singleton's manager; the singleton itself lives below it.</summary>
    public const string SingletonManager = "coordinator";
}
