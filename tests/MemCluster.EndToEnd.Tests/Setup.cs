// Each test starts several processes, which wait for one another much of the time: two tests fill two cores, more would only slow each other.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace MemCluster.EndToEnd.Tests;

/// <summary>Tests that hold a program to seconds, or take a machine of their own. They run one by one, when all others have ended.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
