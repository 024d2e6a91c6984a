using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

public sealed class SweepStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Applying_leaves_the_state_before_as_it_was()
    {
        var before = Begin(5);

        var after = before.Apply(new SweepEvent.TrialAssigned(before.NextKey(0), 1, "t", Noon));

        Assert.Equal(TrialState.Pending, before.Trials[0]);
        Assert.Equal(TrialState.Running, after.Trials[0]);
        Assert.Empty(before.Running);
    }

    [Fact]
    public void A_sweep_is_over_when_nothing_is_pending_and_nothing_runs()
    {
        var sweep = Begin(1);
        Assert.False(sweep.IsOver);
        sweep = sweep.Apply(new SweepEvent.TrialAssigned(sweep.NextKey(0), 1, "t", Noon));
        Assert.False(sweep.IsOver);
        sweep = sweep.Apply(new SweepEvent.TrialFailed(sweep.NextKey(0), 1, "x", TimeSpan.Zero, Noon));
        Assert.True(sweep.IsOver);
    }

    [Fact]
    public void The_version_that_was_accepted_outlives_a_snapshot()
    {
        var sweep = Begin(2).Apply(new SweepEvent.VersionAccepted(new("s"), "newer", Noon));

        var restored = SweepScript.FromSnapshot(sweep, sweep.Shape);

        Assert.Equal("newer", restored.NumericsVersion);
        Assert.Equal("v", restored.Submitted.NumericsVersion);
    }

    [Fact]
    public void A_step_of_a_large_sweep_costs_no_more_memory_than_one_of_a_small_one() =>
        Assert.InRange(BytesPerTrial(100_000), 0, 2 * BytesPerTrial(1_000));

    /// <summary>What it takes to hand out and to end each trial of a sweep. Counted in bytes, which a busy machine doesn't change: who copies the sweep at each step shows.</summary>
    private static long BytesPerTrial(int trials)
    {
        var sweep = Begin(trials);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var place = 0; place < trials; place++)
        {
            var next = sweep.PendingPlaces("", []).First();
            var key = sweep.NextKey(next);
            sweep = sweep.Apply(new SweepEvent.TrialAssigned(key, next + 1, "t", Noon));
            sweep = place % 1000 == 0
                ? sweep.Apply(new SweepEvent.TrialLost(key, next + 1, "x", 0, Noon))
                : sweep.Apply(new SweepEvent.TrialFailed(key, next + 1, "x", TimeSpan.Zero, Noon));
        }

        Assert.Equal(trials / 1000, sweep.Trials.CountOf(TrialState.Pending));
        return (GC.GetAllocatedBytesForCurrentThread() - before) / trials;
    }

    private static SweepState Begin(int trials) =>
        SweepState.Begin(new(new("s"), "", "", 1, "v", trials, Noon), new(trials, place => new(0, (ulong)place), ""));
}
