using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>What operators may ask of a sweep, and what becomes of its trials.</summary>
public sealed class SweepControlTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly SweepId Sweep = new("s");

    private SweepState _sweep = SweepState.Begin(new(Sweep, "", "", 1, "v", 4, Noon), new(4, place => new(0, (ulong)place), ""));

    [Theory]
    [InlineData(Holds.Paused)]
    [InlineData(Holds.Stopped)]
    public void A_held_sweep_gives_out_nothing_and_its_running_trials_end_as_ever_until_it_is_resumed(string hold)
    {
        var key = Assign(1)[0];
        Do(hold == Holds.Paused ? new SweepCommand.Control.PauseSweep() : new SweepCommand.Control.StopSweep());

        Assert.Empty(Assign(3));
        Assert.IsType<SweepReply.Noted>(Do(new SweepCommand.ReportFinished(key, Outcome, TimeSpan.Zero)));
        Do(new SweepCommand.Control.ResumeSweep());
        Assert.Equal(3, Assign(3).Count);
    }

    [Fact]
    public void A_trial_that_is_lost_while_the_sweep_is_held_waits_with_the_others()
    {
        var key = Assign(1)[0];
        Do(new SweepCommand.Control.PauseSweep());
        Do(new SweepCommand.ReleaseTrial(key, "left", 3));

        Assert.Empty(Assign(1));
        Do(new SweepCommand.Control.ResumeSweep());
        Assert.Equal(key with { Attempt = 2 }, Assign(1)[0]);
    }

    [Fact]
    public void Asking_for_what_is_so_writes_nothing()
    {
        Assert.Empty(Decide(new SweepCommand.Control.ResumeSweep()).Events);
        Assert.Empty(Decide(new SweepCommand.Control.SetPriority(0)).Events);
        Do(new SweepCommand.Control.PauseSweep());
        Assert.Empty(Decide(new SweepCommand.Control.PauseSweep()).Events);
    }

    [Fact]
    public void Cancel_ends_what_has_not_ended_and_a_late_result_changes_nothing()
    {
        var keys = Assign(2);
        Do(new SweepCommand.ReportFinished(keys[0], Outcome, TimeSpan.Zero));

        Assert.Equal(new SweepReply.Changed(3), Do(new SweepCommand.Control.CancelSweep()));

        Assert.Equal(new TrialCounts(4, 0, 0, 1, 0, 0, 3), _sweep.Trials.Counts());
        Assert.True(_sweep.IsOver);
        var cancelled = _sweep;
        Assert.IsType<SweepReply.Stale>(Do(new SweepCommand.ReportFinished(keys[1], Outcome, TimeSpan.Zero)));
        Assert.IsType<SweepReply.Stale>(Do(new SweepCommand.ReportFailed(keys[1], "late", TimeSpan.Zero)));
        Assert.IsType<SweepReply.Stale>(Do(new SweepCommand.ReleaseTrial(keys[1], "late", 2)));
        Assert.Same(cancelled, _sweep);
        Assert.Empty(Assign(4));
    }

    [Fact]
    public void A_retried_trial_goes_out_under_a_number_that_was_never_used()
    {
        var keys = Assign(3);
        Do(new SweepCommand.ReportFailed(keys[0], "threw", TimeSpan.Zero));
        Do(new SweepCommand.ReleaseTrial(keys[1], "left", 1));
        Do(new SweepCommand.Control.CancelSweep()); // Trial 2 lost once and pending, 3 running, 4 never taken up.

        Assert.Equal(new SweepReply.Changed(4), Do(new SweepCommand.Control.RetryTrials()));

        Assert.Equal([2, 2, 2, 1], Assign(4).Select(key => key.Attempt));
    }

    [Fact]
    public void Retrying_only_the_failed_leaves_the_cancelled()
    {
        var keys = Assign(2);
        Do(new SweepCommand.ReportFailed(keys[0], "threw", TimeSpan.Zero));
        Do(new SweepCommand.Control.CancelSweep());

        Assert.Equal(new SweepReply.Changed(1), Do(new SweepCommand.Control.RetryTrials(OnlyFailed: true)));

        Assert.Equal(keys[0] with { Attempt = 2 }, Assert.Single(Assign(4)));
        Assert.Equal(3, _sweep.Trials.CountOf(TrialState.Cancelled));
    }

    [Fact]
    public void A_trial_that_fails_again_is_retried_under_the_number_after()
    {
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var key = Assign(1)[0];
            Assert.Equal(attempt, key.Attempt);
            Do(new SweepCommand.ReportFailed(key, "threw", TimeSpan.Zero));
            Do(new SweepCommand.Control.RetryTrials(OnlyFailed: true));
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_a_sentence_and_writes_nothing()
    {
        Refuses(new SweepCommand.Control.RetryTrials(), "no failed or cancelled trial");
        Refuses(new SweepCommand.Control.SetPriority(101), "-100 to 100");
        Refuses(new SweepCommand.Control.SetPriority(int.MinValue), "-100 to 100");
        Do(new SweepCommand.Control.CancelSweep());
        Refuses(new SweepCommand.Control.CancelSweep(), "nothing to cancel");
        Refuses(new SweepCommand.Control.PauseSweep(), "nothing to pause");
        Refuses(new SweepCommand.Control.StopSweep(), "nothing to stop");
    }

    [Fact]
    public void A_snapshot_remembers_hold_priority_and_the_attempts_of_failed_and_cancelled_trials()
    {
        Do(new SweepCommand.ReportFailed(Assign(1)[0], "threw", TimeSpan.Zero));
        Assign(1);
        Do(new SweepCommand.Control.CancelSweep());
        Do(new SweepCommand.Control.RetryTrials(OnlyFailed: true));
        Do(new SweepCommand.Control.SetPriority(7));
        Do(new SweepCommand.Control.StopSweep());

        _sweep = SweepScript.FromSnapshot(_sweep, _sweep.Shape);

        Assert.Equal((Holds.Stopped, 7), (_sweep.Hold, _sweep.Priority));
        Do(new SweepCommand.Control.ResumeSweep());
        Do(new SweepCommand.Control.RetryTrials());
        Assert.Equal([2, 2, 1, 1], Assign(4).Select(key => key.Attempt));
    }

    [Fact]
    public void A_sweep_is_deleted_only_while_nothing_runs_and_then_nothing_follows()
    {
        var key = Assign(1)[0];
        Refuses(new SweepCommand.Control.DeleteSweep(), "1 of its trials is running; s can be deleted when nothing runs");
        Do(new SweepCommand.ReleaseTrial(key, "left", 0));

        Assert.Equal(new SweepReply.Changed(4), Do(new SweepCommand.Control.DeleteSweep()));

        _sweep = SweepScript.FromSnapshot(_sweep, _sweep.Shape);
        Assert.True(_sweep.Deleted);
        Assert.Empty(Assign(4));
        Refuses(new SweepCommand.Control.DeleteSweep(), "s was deleted");
        Refuses(new SweepCommand.Control.ResumeSweep(), "s was deleted");
    }

    [Fact]
    public void A_snapshot_of_a_version_without_retries_leaves_room_for_the_attempts_it_does_not_tell()
    {
        Do(new SweepCommand.ReportFailed(Assign(1)[0], "threw", TimeSpan.Zero));
        _sweep = SweepState.FromSnapshot(_sweep.ToSnapshot() with { Spent = null }, _sweep.Shape);

        Do(new SweepCommand.Control.RetryTrials());

        Assert.Equal(1001, Assign(1)[0].Attempt);
    }

    [Theory]
    [InlineData(4, 0, "", true, "finished")]
    [InlineData(3, 1, "", true, "cancelled")]
    [InlineData(1, 0, "", true, "running")]
    [InlineData(1, 0, "", false, "stopped")]
    [InlineData(1, 0, Holds.Paused, true, "paused")]
    [InlineData(1, 0, Holds.Paused, false, "paused")]
    [InlineData(1, 0, Holds.Stopped, true, "stopping")]
    [InlineData(3, 0, Holds.Stopped, true, "stopped")]
    public void The_state_of_a_sweep_in_a_word(int finished, int cancelled, string hold, bool atWork, string word)
    {
        var left = 4 - finished - cancelled;
        var running = finished == 3 ? 0 : Math.Min(1, left);
        Assert.Equal(word, SweepControl.StateOf(new(4, left - running, running, finished, 0, 0, cancelled), hold, atWork));
    }

    private static TrialOutcome Outcome { get; } = new(TrialState.Finished, 3, ImmutableSortedDictionary<string, double>.Empty, "");

    private Decision Decide(SweepCommand command) => SweepDecider.Decide(_sweep, command, Noon);

    private SweepReply Do(SweepCommand command)
    {
        var decision = Decide(command);
        _sweep = decision.Events.Aggregate(_sweep, (sweep, happened) => sweep.Apply(happened));
        return decision.Reply;
    }

    private IReadOnlyList<TrialKey> Assign(int room) =>
        Do(new SweepCommand.AssignTrials("t", room, "", "")) is SweepReply.Assigned assigned ? [.. assigned.Trials.Select(trial => trial.Key)] : [];

    private void Refuses(SweepCommand command, string reason)
    {
        var decision = Decide(command);
        Assert.Empty(decision.Events);
        Assert.Contains(reason, Assert.IsType<SweepReply.Refused>(decision.Reply).Why, StringComparison.Ordinal);
    }
}
