using MemCluster.Messages;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Sweeps.Tests.Replicates;

/// <summary>A sweep whose claims ask for seeds, as its journal tells it.</summary>
public sealed class ReplicateStateTests
{
    private const string Claims = "  c: { measure: validation_accuracy_best, where: { capacity: 128 }, holds: \">= 0.5\" }\n";
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_handed_out_before_it_is_asked_for_and_a_trial_has_its_number_whoever_asks()
    {
        var sweep = Begun();
        Assert.True(sweep.State.AwaitsLook);
        Assert.Empty(sweep.State.PendingPlaces("t", []));

        sweep.Look();

        Assert.Equal([0, 1, 2, 12, 13, 14], sweep.State.PendingPlaces("t", []));
        Assert.False(sweep.State.AwaitsLook);
    }

    /// <summary>To everybody who counts, a sweep between two looks is not over.</summary>
    [Fact]
    public void Until_its_claims_ask_for_no_more_a_sweep_is_not_over()
    {
        var sweep = Begun();
        sweep.Look();
        sweep.End();
        Assert.Equal((24, 18, 18, 0), (sweep.State.Counts().Trials, sweep.State.Counts().Pending, sweep.State.Counts().Waiting, sweep.State.Counts().Ready));
        Assert.Equal("running", SweepControl.StateOf(sweep.State.Counts(), Holds.None, atWork: true));

        sweep.Look();
        Assert.Equal(2, sweep.State.Counts().Ready);
        sweep.End();
        sweep.Look();

        Assert.True(sweep.State.IsOver && sweep.State.IsSettled);
        Assert.Equal((8, 8, 24), (sweep.State.Counts().Trials, sweep.State.Counts().Ended, sweep.State.Counts().LastTrial));
        Assert.Equal("finished", SweepControl.StateOf(sweep.State.Counts(), Holds.None, atWork: true));
    }

    [Fact]
    public void A_look_that_comes_late_or_twice_changes_nothing()
    {
        var sweep = Begun();
        Assert.IsType<SweepReply.Changed>(sweep.Decide(new SweepCommand.AskSeeds([new(1, 2, 3)])));
        var asked = sweep.State;

        Assert.IsType<SweepReply.Stale>(sweep.Decide(new SweepCommand.AskSeeds([new(1, 2, 12)])));
        Assert.Equal(SweepScript.Describe(asked), SweepScript.Describe(sweep.State));
    }

    [Fact]
    public void A_snapshot_at_any_moment_tells_the_same_as_its_events()
    {
        var sweep = Begun();
        for (var round = 0; !sweep.State.IsOver; round++)
        {
            Same(sweep.State);
            sweep.Look();
            Same(sweep.State);
            sweep.End();
        }

        Same(sweep.State);

        static void Same(SweepState state)
        {
            var restored = SweepScript.FromSnapshot(state, state.Shape);
            Assert.Equal(SweepScript.Describe(state), SweepScript.Describe(restored));
            Assert.Equal((state.IsSettled, state.AwaitsLook, state.Counts()), (restored.IsSettled, restored.AwaitsLook, restored.Counts()));
        }
    }

    [Fact]
    public void Cancelled_it_is_over_and_retried_it_asks_anew_for_what_it_needs_and_no_more()
    {
        var sweep = Begun();
        sweep.Look();
        sweep.Decide(new SweepCommand.Control.CancelSweep());
        Assert.True(sweep.State.IsOver);
        Assert.Equal((24, 24), (sweep.State.Counts().Trials, sweep.State.Counts().Cancelled));

        sweep.Decide(new SweepCommand.Control.RetryTrials());
        Assert.True(sweep.State.AwaitsLook);
        while (!sweep.State.IsOver)
        {
            sweep.Look();
            sweep.End();
        }

        Assert.Equal([3, 5], sweep.Asked);
    }

    [Fact]
    public void What_was_trained_stays_when_the_file_asks_for_less_and_a_file_that_does_not_ask_wants_all()
    {
        var sweep = Begun();
        while (!sweep.State.IsOver)
        {
            sweep.Look();
            sweep.End();
        }

        var other = AskedSweep.Spec(Claims, most: 12, least: 2);
        sweep.Apply(new SweepEvent.SpecAmended(other.Name, other.Canonical, Noon));
        Assert.True(sweep.State.AwaitsLook);
        sweep.Decide(new SweepCommand.AskSeeds(SeedsOf.Runs(ReplicateRule.Wanted(other, ReplicateRule.Look(other, sweep.Observed())))));
        Assert.Equal((true, 8), (sweep.State.IsOver, sweep.State.Counts().Trials));

        var plain = SpecFile.FromCanonical(other.Canonical.Replace("replicates:\n  until: decided\n  at-least: 2\n  at-most: 12\n", "", StringComparison.Ordinal));
        Assert.Equal((null, other.Digest), (plain.Replicates, plain.Digest));
        sweep.Apply(new SweepEvent.SpecAmended(plain.Name, plain.Canonical, Noon));
        Assert.Equal((24, 16, 16), (sweep.State.Counts().Trials, sweep.State.Counts().Pending, sweep.State.Counts().Ready));
    }

    /// <summary>Decided with five seeds: three are too few for their level.</summary>
    private static AskedSweep Begun()
    {
        var sweep = new AskedSweep(AskedSweep.Spec(Claims, most: 12), (_, seed) => 0.65 + (0.05 * seed));
        sweep.Begin();
        return sweep;
    }
}
