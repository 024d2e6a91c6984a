using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

public sealed class SweepDeciderTests
{
    private const string Avx2 = NumericsSettings.Avx2;
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SweepId Sweep = new("s");
    private static readonly TrialOutcome Outcome = new(TrialState.Finished, 3, ImmutableSortedDictionary<string, double>.Empty, "");

    [Fact]
    public void A_trainer_with_room_gets_the_first_pending_trials_in_grid_order()
    {
        var decision = SweepDecider.Decide(Given(), Ask(room: 2), Noon);

        Assert.Equal([Assigned(1, 1), Assigned(2, 1)], decision.Events.ToArray());
        Assert.Equal([new(Key(1, 1), 1), new(Key(2, 1), 2)], Assert.IsType<SweepReply.Assigned>(decision.Reply).Trials);
    }

    [Fact]
    public void A_trainer_gets_no_more_than_there_is()
    {
        var decision = SweepDecider.Decide(Given(Assigned(1, 1)), Ask(room: 9), Noon);

        Assert.Equal([Assigned(2, 1), Assigned(3, 1)], decision.Events.ToArray());
    }

    [Fact]
    public void With_nothing_pending_there_is_nothing_to_do_and_no_reason_to_give()
    {
        var decision = SweepDecider.Decide(Given(Assigned(1, 1), Assigned(2, 1), Assigned(3, 1)), Ask(), Noon);

        Assert.Empty(decision.Events);
        Assert.Equal(new SweepReply.NothingToDo(""), decision.Reply);
    }

    [Fact]
    public void A_lost_trial_goes_out_again_first_under_the_next_attempt()
    {
        var decision = SweepDecider.Decide(Given(Assigned(1, 1), Assigned(2, 1), Lost(1, 1)), Ask(), Noon);

        Assert.Equal([Assigned(1, 2)], decision.Events.ToArray());
    }

    [Fact]
    public void A_result_of_the_attempt_under_way_ends_the_trial()
    {
        var decision = SweepDecider.Decide(Given(Assigned(2, 1)), Finished(2, 1), Noon);

        Assert.Equal([new SweepEvent.TrialFinished(Key(2, 1), 2, Outcome, TimeSpan.FromSeconds(9), Noon)], decision.Events.ToArray());
        Assert.Equal(new SweepReply.Noted(), decision.Reply);
    }

    [Fact]
    public void A_late_report_from_a_lost_attempt_changes_nothing()
    {
        var sweep = Given(Assigned(1, 1), Lost(1, 1), Assigned(1, 2));

        var decision = SweepDecider.Decide(sweep, Finished(1, 1), Noon);

        Assert.Empty(decision.Events);
        Assert.Equal(new SweepReply.Stale(), decision.Reply);
    }

    [Fact]
    public void A_result_of_a_lost_attempt_changes_nothing_even_while_nobody_else_has_the_trial()
    {
        var decision = SweepDecider.Decide(Given(Assigned(1, 1), Lost(1, 1)), Finished(1, 1), Noon);

        Assert.Empty(decision.Events);
    }

    [Fact]
    public void An_end_that_is_told_twice_is_written_once()
    {
        var sweep = Given(Assigned(1, 1));
        sweep = SweepDecider.Decide(sweep, Finished(1, 1), Noon).Events.Aggregate(sweep, (state, happened) => state.Apply(happened));

        Assert.Empty(SweepDecider.Decide(sweep, Finished(1, 1), Noon).Events);
        Assert.Empty(SweepDecider.Decide(sweep, new SweepCommand.ReportFailed(Key(1, 1), "x", TimeSpan.Zero), Noon).Events);
        Assert.Empty(SweepDecider.Decide(sweep, new SweepCommand.ReleaseTrial(Key(1, 1), "x", 0), Noon).Events);
    }

    [Fact]
    public void A_release_remembers_how_far_the_attempt_had_come()
    {
        var sweep = Given(Assigned(1, 1), Lost(1, 1, epoch: 7), Assigned(1, 2), Lost(1, 2, epoch: 4));

        Assert.Equal(new LostTrial(Attempts: 2, Epoch: 4, Fruitless: 1), sweep.Lost[0]);
        Assert.Equal(Key(1, 3), sweep.NextKey(0));
    }

    [Fact]
    public void A_failed_trial_is_not_tried_again()
    {
        var sweep = Given(Assigned(1, 1));
        sweep = SweepDecider.Decide(sweep, new SweepCommand.ReportFailed(Key(1, 1), "it threw", TimeSpan.Zero), Noon)
            .Events.Aggregate(sweep, (state, happened) => state.Apply(happened));

        Assert.Equal(TrialState.Failed, sweep.Trials[0]);
        Assert.Equal([Assigned(2, 1)], SweepDecider.Decide(sweep, Ask(), Noon).Events.ToArray());
    }

    [Fact]
    public void The_first_assignment_settles_the_fingerprint()
    {
        var decision = SweepDecider.Decide(Given(Avx2), Ask(), Noon);

        Assert.Equal([new SweepEvent.FingerprintSettled(Sweep, "print", "node-1", Noon), Assigned(1, 1)], decision.Events.ToArray());
    }

    [Fact]
    public void A_machine_that_computes_other_bits_gets_no_trial_and_is_told_why()
    {
        var sweep = Given(Avx2, new SweepEvent.FingerprintSettled(Sweep, "print", "node-1", Noon));

        var decision = SweepDecider.Decide(sweep, new SweepCommand.AssignTrials("node-2", 1, Avx2, "other"), Noon);

        Assert.Empty(decision.Events);
        var reason = Assert.IsType<SweepReply.NothingToDo>(decision.Reply).Reason;
        Assert.Contains("node-2", reason, StringComparison.Ordinal);
        Assert.Contains("other", reason, StringComparison.Ordinal);
        Assert.Contains("print", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_would_compute_wrongly_gets_no_trial_even_as_the_first_and_the_reason_is_told()
    {
        var decision = SweepDecider.Decide(Given(Avx2), new SweepCommand.AssignTrials("node-2", 1, Avx2, "", "other bits in other memory"), Noon);

        Assert.Empty(decision.Events);
        Assert.Equal("node-2 would compute wrongly: other bits in other memory", Assert.IsType<SweepReply.NothingToDo>(decision.Reply).Reason);
    }

    [Fact]
    public void A_machine_of_another_instruction_set_gets_no_trial_even_as_the_first()
    {
        var decision = SweepDecider.Decide(Given(Avx2), new SweepCommand.AssignTrials("node-2", 1, NumericsSettings.Native, "print"), Noon);

        Assert.Empty(decision.Events);
        Assert.NotEmpty(Assert.IsType<SweepReply.NothingToDo>(decision.Reply).Reason);
    }

    [Fact]
    public void A_sweep_without_arithmetic_takes_any_machine_and_settles_nothing()
    {
        var decision = SweepDecider.Decide(Given(), new SweepCommand.AssignTrials("node-1", 1, NumericsSettings.Native, ""), Noon);

        Assert.Equal([Assigned(1, 1)], decision.Events.ToArray());
    }

    [Fact]
    public void A_tensor_sweep_never_settles_on_no_fingerprint_at_all()
    {
        var decision = SweepDecider.Decide(Given(Avx2), new SweepCommand.AssignTrials("node-1", 1, Avx2, ""), Noon);

        Assert.Empty(decision.Events);
        Assert.NotEmpty(Assert.IsType<SweepReply.NothingToDo>(decision.Reply).Reason);
    }

    private static SweepState Given(params SweepEvent[] past) => Given("", past);

    private static SweepState Given(string instructionSet, params SweepEvent[] past) => past.Aggregate(
        SweepState.Begin(new(Sweep, "", "", 1, "v", 3, Noon), new(3, place => new(0, (ulong)place), instructionSet)),
        (sweep, happened) => sweep.Apply(happened));

    private static TrialKey Key(int trial, int attempt) => new(Sweep, new(0, (ulong)trial - 1), attempt);

    private static SweepEvent.TrialAssigned Assigned(int trial, int attempt) => new(Key(trial, attempt), trial, "node-1", Noon);

    private static SweepEvent.TrialLost Lost(int trial, int attempt, int epoch = 0) => new(Key(trial, attempt), trial, "node-1 left", epoch, Noon);

    private static SweepCommand.AssignTrials Ask(int room = 1) => new("node-1", room, Avx2, "print");

    private static SweepCommand.ReportFinished Finished(int trial, int attempt) => new(Key(trial, attempt), Outcome, TimeSpan.FromSeconds(9));
}
