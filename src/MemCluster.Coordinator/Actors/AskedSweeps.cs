using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>
/// The sweeps that were asked for since this process began: a <c>run</c> of one file in a home that holds others, too, works on that one alone.
/// It outlives the coordinator's actor, which is started again after a failed write.
/// </summary>
public sealed class AskedSweeps
{
    private ImmutableHashSet<SweepId> _sweeps = [];

    public ImmutableHashSet<SweepId> All => _sweeps;

    public void Add(SweepId sweep) => ImmutableInterlocked.Update(ref _sweeps, sweeps => sweeps.Add(sweep));
}
