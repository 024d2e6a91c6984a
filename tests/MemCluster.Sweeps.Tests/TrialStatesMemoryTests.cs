using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>The heap is the whole process's: measured while no other test runs.</summary>
[CollectionDefinition(nameof(TrialStatesMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrialStatesMemoryTests))]
public sealed class TrialStatesMemoryTests
{
    [Fact]
    public void A_million_trials_take_a_megabyte_and_a_snapshot_of_them_some_kilobytes()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var states = TrialStates.AllPending(1_000_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 50_000);

        for (var place = 0; place < states.Count; place += 100)
        {
            states = states.With(place, TrialState.Finished);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_300_000);
        Assert.InRange(states.Pack().Length, 1, 60_000);
        GC.KeepAlive(states);
    }
}
