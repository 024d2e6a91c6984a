using Akka.TestKit;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>What operators ask reaches the sweep and the trainers, and outlives the coordinator.</summary>
public sealed class CoordinatorControlTests : CoordinatorTests
{
    private readonly TestProbe _operator;

    public CoordinatorControlTests() => _operator = CreateTestProbe();

    [Fact]
    public void A_paused_sweep_gives_out_nothing_until_it_is_resumed()
    {
        Submit(Sleeps(3));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        Assert.Equal("", Ask(new SweepCommand.Control.PauseSweep()).Refused);
        trainer.Finish(key);
        trainer.Hear<CoordinatorWord.EndWritten>();
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        Assert.Contains("it is paused; go on with: memcluster resume s", Live().Waiting[Sweep], StringComparison.Ordinal);

        Ask(new SweepCommand.Control.ResumeSweep());
        Assert.Equal(2, trainer.Take()[0].Trial);
    }

    [Fact]
    public void A_pause_and_a_priority_outlive_the_coordinator()
    {
        Submit(Sleeps(3));
        Ask(new SweepCommand.Control.PauseSweep());
        Restart();
        var trainer = Trainer().Register();
        trainer.Want(1);

        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        Submit(Sleeps(3)); // Who submits it again wants it to go on.
        Assert.Equal(1, trainer.Take()[0].Trial);
    }

    [Fact]
    public void Cancelled_trials_are_taken_from_their_trainers_and_their_late_results_are_not_written()
    {
        Submit(Sleeps(3));
        var trainer = Trainer().Register();
        trainer.Want(2);
        var keys = trainer.Take().Select(trial => trial.Key).ToArray();

        Assert.Equal(3, Ask(new SweepCommand.Control.CancelSweep()).Trials);

        Assert.Equal(keys.ToHashSet(), new[] { trainer.Hear<CoordinatorWord.TrialRevoked>().Key, trainer.Hear<CoordinatorWord.TrialRevoked>().Key }.ToHashSet());
        trainer.Finish(keys[0]);
        trainer.Hear<CoordinatorWord.TrialRevoked>(); // A retry may go on from what was kept of it.
        Assert.Empty(Journaled<SweepEvent.TrialFinished>());
        Assert.Contains("nothing to cancel", Ask(new SweepCommand.Control.CancelSweep()).Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_that_was_over_goes_on_after_a_retry_even_with_another_coordinator()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;
        trainer.Fail(key);
        trainer.Hear<CoordinatorWord.EndWritten>();

        Assert.Equal(1, Ask(new SweepCommand.Control.RetryTrials(OnlyFailed: true)).Trials);

        Assert.Equal(key with { Attempt = 2 }, trainer.Take()[0].Key);
        Restart();
        var other = Trainer("lab-2").Register();
        Pass(20); // The lease of the one that did not come back.
        other.Want(1);
        Assert.Equal(key with { Attempt = 3 }, other.Take()[0].Key);
    }

    [Fact]
    public void The_highest_priority_gets_every_free_slot_first()
    {
        Submit(Sleeps(10));
        Submit(Sleeps(3, "urgent"));
        Ask(new SweepCommand.Control.SetPriority(5), "urgent");
        var trainer = Trainer().Register();

        trainer.Want(4);

        var taken = new List<TrialAssignment>();
        while (taken.Count < 4)
        {
            taken.AddRange(trainer.Take());
        }

        Assert.Equal(["s", "urgent", "urgent", "urgent"], taken.Select(trial => trial.Key.Sweep.Name).Order(StringComparer.Ordinal));
        Assert.Equal("urgent", taken[0].Key.Sweep.Name);
    }

    [Fact]
    public void A_drained_trainer_gets_nothing_new_keeps_what_it_has_and_works_again_when_started_again()
    {
        Submit(Sleeps(5));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        Assert.Equal("draining", Drain("lab-1", true).State);
        trainer.Want(2);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        Restart();
        trainer.Coordinator = Coordinator;
        trainer.Register(key);
        trainer.Want(2);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        trainer.Finish(key);
        trainer.Hear<CoordinatorWord.EndWritten>();
        Assert.Equal("drained", Assert.Single(Live().Trainers).State);
        Assert.Contains("every trainer is drained", Live().Waiting[Sweep], StringComparison.Ordinal);

        var again = Trainer().Register();
        again.Want(1);
        Assert.Equal(2, again.Take()[0].Trial);
        Drain("lab-1", true);
        Drain("lab-1", false);
        again.Want(2);
        Assert.Equal(3, again.Take()[0].Trial);
    }

    [Fact]
    public void A_deleted_sweep_leaves_its_events_and_its_name_to_the_next_one_which_outlives_the_coordinator()
    {
        Submit(Sleeps(2));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;
        Assert.Contains("is running", Ask(new SweepCommand.Control.DeleteSweep()).Refused, StringComparison.Ordinal);
        trainer.Measure(key, 1, 1, 3);
        trainer.Hear<CoordinatorWord.MeasuresWritten>();
        Ask(new SweepCommand.Control.CancelSweep());

        Assert.Equal("", Ask(new SweepCommand.Control.DeleteSweep()).Refused);

        Coordinator.Tell(new ControlSweep(Sweep, new SweepCommand.Control.PauseSweep()), _operator);
        _operator.ExpectMsg<NotThere>();
        Assert.False(Submit(Sleeps(2)).Continued);
        Assert.Equal(key, trainer.Take()[0].Key);
        Restart();
        trainer.Coordinator = Coordinator;
        trainer.Register(key);
        // The same key as in its first life: nothing of that one's epochs counts.
        trainer.Measure(key, 1, 1, 2);
        Assert.Equal(2, trainer.Hear<CoordinatorWord.MeasuresWritten>().LastEpoch);
        Assert.IsType<SweepEvent.SweepDeleted>(Stream.Of(Sys, "sweep-s")[^1]);
        Assert.IsType<SweepEvent.SweepSubmitted>(Stream.Of(Sys, "sweep-s.2")[0]);
        Assert.Equal([1], Stream.Of(Sys, "metrics-s.2-0").Cast<TrialMeasured>().Select(batch => batch.FirstEpoch));
    }

    [Fact]
    public void Who_is_not_there_can_be_asked_nothing()
    {
        Coordinator.Tell(new ControlSweep(new("none"), new SweepCommand.Control.PauseSweep()), _operator);
        _operator.ExpectMsg<NotThere>();
        Coordinator.Tell(new DrainTrainer("none", true), _operator);
        _operator.ExpectMsg<NotThere>();
    }

    private ControlReply Ask(SweepCommand.Control command, string sweep = "s")
    {
        Coordinator.Tell(new ControlSweep(new(sweep), command), _operator);
        return _operator.ExpectMsg<ControlReply>();
    }

    private TrainerStatus Drain(string trainer, bool drained)
    {
        Coordinator.Tell(new DrainTrainer(trainer, drained), _operator);
        return _operator.ExpectMsg<TrainerStatus>();
    }
}
