using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>What becomes of a trial that failed: the rules of one sweep.</summary>
public sealed class FaultTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private SweepState _sweep = SweepState.Begin(
        new(new("s"), "", "", 1, "v", 3, Noon), new(3, place => new(0, (ulong)place), "") { Retries = 2 });

    [Fact]
    public void A_trial_that_failed_goes_to_the_trainers_that_have_not_tried_it_and_fails_for_good_after_as_many_as_the_sweep_says()
    {
        Fail(Assign("a", elsewhere: ["b", "c"]), "a", FaultKind.Training, elsewhere: ["b", "c"]);
        Assert.Equal([2, 3], Offered("a", "b", "c"));
        Assert.Equal([1, 2, 3], Offered("b", "a", "c"));

        Fail(Assign("b", elsewhere: ["a", "c"]), "b", FaultKind.Training, elsewhere: ["a", "c"]);
        Assert.Equal([2, 3], Offered("b", "a", "c"));
        var last = Assign("c", elsewhere: ["a", "b"]);
        var end = Fail(last, "c", FaultKind.Training, elsewhere: ["a", "b", "d"]);

        Assert.Equal(3, last.Attempt);
        Assert.Equal("it threw (it failed 2 times before, on a, b)", Assert.IsType<SweepEvent.TrialFailed>(end).Error);
        Assert.Equal(TrialState.Failed, _sweep.Trials[0]);
        Assert.Empty(_sweep.FailedOn);
    }

    [Theory]
    [InlineData(FaultKind.Training)]
    [InlineData(FaultKind.Overtime)]
    [InlineData(FaultKind.Overweight)]
    public void What_one_machine_would_only_give_again_fails_at_once_where_there_is_no_other(FaultKind kind)
    {
        Assert.IsType<SweepEvent.TrialFailed>(Fail(Assign("a"), "a", kind));
        Assert.Equal(TrialState.Failed, _sweep.Trials[0]);
    }

    [Theory]
    [InlineData(FaultKind.Machine)]
    [InlineData(FaultKind.Crashed)]
    [InlineData(FaultKind.Stalled)]
    public void What_may_have_been_the_machines_fault_is_tried_again_on_the_same_one_where_there_is_no_other(FaultKind kind)
    {
        Fail(Assign("a"), "a", kind);
        Fail(Assign("a"), "a", kind);
        Assert.Equal("a a", string.Join(' ', _sweep.FailuresOf(0)));

        Assert.IsType<SweepEvent.TrialFailed>(Fail(Assign("a"), "a", kind));
    }

    [Fact]
    public void Without_retries_the_first_failure_is_the_last()
    {
        _sweep = _sweep with { Shape = _sweep.Shape with { Retries = 0 } };

        Assert.IsType<SweepEvent.TrialFailed>(Fail(Assign("a"), "a", FaultKind.Machine, elsewhere: ["b"]));
    }

    [Fact]
    public void Who_failed_may_try_again_when_nobody_else_is_left()
    {
        Fail(Assign("a", elsewhere: ["b"]), "a", FaultKind.Training, elsewhere: ["b"]);

        Assert.Equal([2, 3], Offered("a", "b"));
        Assert.Equal([1, 2, 3], Offered("a"));
        Assert.Equal((1, 0), (_sweep.ReadyForOthers("a", ["b"]), _sweep.ReadyForOthers("b", ["a"])));
    }

    [Fact]
    public void A_trial_that_may_be_what_ends_its_trainers_goes_out_behind_the_others()
    {
        Lose(Assign("a"), epoch: 0);
        Assert.Equal([1, 2, 3], Offered("a"));
        Lose(Assign("a"), epoch: 0);

        Assert.Equal([2, 3, 1], Offered("a"));
    }

    [Fact]
    public void One_that_comes_further_each_time_keeps_its_place()
    {
        Lose(Assign("a"), epoch: 3);
        Lose(Assign("a"), epoch: 5);
        Lose(Assign("a"), epoch: 8);

        Assert.Equal([1, 2, 3], Offered("a"));
    }

    [Fact]
    public void A_snapshot_holds_where_trials_failed_and_who_is_suspected()
    {
        Fail(Assign("a", elsewhere: ["b"]), "a", FaultKind.Training, elsewhere: ["b"]);
        Lose(Assign("b"), epoch: 0);
        Lose(Assign("b"), epoch: 0);

        var json = MessageJson.Write(_sweep.ToSnapshot());
        var again = SweepState.FromSnapshot((SweepSnapshot)MessageJson.Read(json, MessageJson.KindOf(_sweep.ToSnapshot())), _sweep.Shape);

        Assert.Equal("a", string.Join(' ', again.FailuresOf(0)));
        Assert.Equal(_sweep.Lost, again.Lost);
    }

    [Fact]
    public void A_retry_begins_anew_with_every_trainer()
    {
        Fail(Assign("a", elsewhere: ["b"]), "a", FaultKind.Training, elsewhere: ["b"]);
        Fail(Assign("b"), "b", FaultKind.Training, elsewhere: ["a"]);
        Do(new SweepCommand.Control.RetryTrials());

        Assert.Equal([1, 2, 3], Offered("a", "b"));
        Assert.Equal(3, _sweep.NextKey(0).Attempt);
    }

    private IEnumerable<int> Offered(string trainer, params string[] elsewhere) => _sweep.PendingPlaces(trainer, elsewhere).Select(place => place + 1);

    private TrialKey Assign(string trainer, IReadOnlyList<string>? elsewhere = null) =>
        Assert.IsType<SweepEvent.TrialAssigned>(Do(new SweepCommand.AssignTrials(trainer, 1, "", "", Elsewhere: elsewhere))).Key;

    private SweepEvent Fail(TrialKey key, string trainer, FaultKind kind, params string[] elsewhere) =>
        Do(new SweepCommand.ReportFailed(key, "it threw", TimeSpan.Zero, new(kind, trainer), elsewhere));

    private void Lose(TrialKey key, int epoch) => Do(new SweepCommand.ReleaseTrial(key, "it is gone", epoch));

    private SweepEvent Do(SweepCommand command)
    {
        var decision = SweepDecider.Decide(_sweep, command, Noon);
        _sweep = decision.Events.Aggregate(_sweep, (state, happened) => state.Apply(happened));
        return Assert.Single(decision.Events);
    }
}
