using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <param name="Node">Address of this node, for the record of terms.</param>
/// <param name="Lease">A trial whose trainer is silent for this long is given to another.</param>
/// <param name="InCluster">False in tests of the actor alone.</param>
public sealed record CoordinatorSettings(string Node, TimeSpan Lease, bool InCluster = true)
{
    /// <summary>Address of this node's HTTP API, as other hosts reach it.</summary>
    public string Api { get; init; } = "";

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Standing Standing { get; init; } = new();

    /// <summary>Asked before a trial that needs scores is sent to its trainer. It answers from another thread.</summary>
    public FindScores Scores { get; init; } =
        (grid, _) => Task.FromException<Scored>(new InvalidOperationException($"Nobody reads the scores of {grid.Spec.Name} here."));

    /// <summary>Asked when all trials of a sweep have ended that its claims asked for. It answers from another thread.</summary>
    public FindWanted Wanted { get; init; } =
        (grid, _) => Task.FromException<IReadOnlyList<SeedsOf>>(new InvalidOperationException($"Nobody looks at the claims of {grid.Spec.Name} here."));

    /// <summary>Null where every sweep that is not over gets trainers; else only these, and who asks for one adds it.</summary>
    public AskedSweeps? Only { get; init; }

    /// <summary>Called with a sentence when the coordinator's own stream can't be read: which sweeps there are is not known.</summary>
    public Action<string> Broken { get; init; } = _ => { };

    /// <summary>Called when another coordinator has taken over without this one's knowing: leave the cluster.</summary>
    public Action Replaced { get; init; } = () => { };
}
