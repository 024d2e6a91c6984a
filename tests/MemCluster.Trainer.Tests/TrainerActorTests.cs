using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>What a trainer does with trials, and says of them.</summary>
public sealed class TrainerActorTests : TwoSlotTests
{
    [Fact]
    public void It_registers_until_it_is_answered_then_pulls_as_many_trials_as_it_has_slots()
    {
        var first = Hear<TrainerWord.RegisterTrainer>();
        Tick();
        Hear<TrainerWord.RegisterTrainer>();

        Say(new CoordinatorWord.TrainerRegistered(1, TimeSpan.FromSeconds(15), []));

        Assert.Equal(("lab-1", Incarnation, Protocol.Version, 0), (first.Trainer, first.Incarnation, first.ProtocolVersion, first.Running.Count));
        Assert.Equal(2, Hear<TrainerWord.WantTrials>().Room);
        Trainer.Tell(new TrainerActor.AwaitRegistered(), TestActor);
        ExpectMsg<TrainerActor.IsRegistered>();
    }

    [Fact]
    public void Slots_are_never_exceeded_and_what_waits_begins_when_one_is_free()
    {
        Register();
        Assign(1, 2, 3, 4);
        Until(() => Assert.Equal([1, 2], Training.Running));

        Training.Finish(1);

        Until(() => Assert.Equal([2, 3], Training.Running));
        Training.Finish(2);
        Until(() => Assert.Equal([3, 4], Training.Running));
        Training.Finish(3);
        Training.Finish(4);
        Until(() => Assert.Empty(Training.Running));
        Assert.Equal(2, Training.MostAtOnce);
    }

    [Fact]
    public void Epochs_are_told_until_they_are_on_disk_and_the_end_after_them()
    {
        Register();
        Assign(1);
        Training.Epoch(1, 1);
        Assert.Equal(1, Hear<TrainerWord.ReportMeasures>().Batch.LastEpoch);
        Training.Epoch(1, 2);
        Training.Finish(1, 2);
        Until(() => Assert.Empty(Training.Running));
        Tick();
        HearNo<TrainerWord.ReportMeasures>();

        Tick(3);
        Assert.Equal((1, 2), Range(Hear<TrainerWord.ReportMeasures>()));
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1), 2));
        Assert.Equal(2, Hear<TrainerWord.ReportEnd>().Outcome!.Epochs);
        Tick(3);
        Hear<TrainerWord.ReportEnd>();
        Say(new CoordinatorWord.EndWritten(1, Trials.Key(1)));
        Tick(6);
        Assert.Empty(Hear<TrainerWord.Heartbeat>().Running);
    }

    [Fact]
    public void A_heartbeat_names_all_that_it_holds_and_how_far_it_is_on_disk()
    {
        Register();
        Assign(1, 2, 3);
        Training.Epoch(1, 1);
        Hear<TrainerWord.ReportMeasures>();
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1), 1));

        Tick(5);

        Assert.Equal(
            [new(Trials.Key(1), 1), new(Trials.Key(2), 0), new HeldTrial(Trials.Key(3), 0)],
            Hear<TrainerWord.Heartbeat>().Running.OrderBy(held => held.Key.Cell.Low));
    }

    [Fact]
    public void A_revoked_trial_is_stopped_and_nothing_more_is_said_of_it()
    {
        Register();
        Assign(1, 2, 3);
        Until(() => Assert.Equal([1, 2], Training.Running));

        Say(new CoordinatorWord.TrialRevoked(1, Trials.Key(1)));
        Say(new CoordinatorWord.TrialRevoked(1, Trials.Key(3)));

        Until(() => Assert.Equal([2], Training.Running));
        Tick(6);
        Assert.Equal([Trials.Key(2)], Hear<TrainerWord.Heartbeat>().Running.Select(held => held.Key));
    }

    [Fact]
    public void An_assignment_that_comes_twice_is_trained_once()
    {
        Register();
        Assign(1);
        Assign(1);
        Until(() => Assert.Equal([1], Training.Running));
        Training.Finish(1);
        Hear<TrainerWord.ReportEnd>();

        // What comes next would have come after the first one's second time.
        Assign(2);
        Until(() => Assert.Equal([2], Training.Running));
        Assert.Equal([1, 2], Training.Begun);
    }

    [Fact]
    public void What_training_throws_is_told_in_one_line()
    {
        Register();
        Assign(1);

        Training.Throw(1, new InvalidOperationException("no room\n at c10::Error"));

        var end = Hear<TrainerWord.ReportEnd>();
        Assert.Equal((null, "InvalidOperationException: no room"), (end.Outcome, end.Error));
    }

    [Fact]
    public void A_missing_data_set_is_told_as_the_machines_own_lack()
    {
        Register();
        Assign(1);

        Training.Throw(1, new DataProblem("mnist is not here; get it"));

        Assert.Equal("mnist is not here; get it", Hear<TrainerWord.ReportUnable>().Why);
    }

    [Fact]
    public void Many_short_trials_make_it_ask_for_a_stock()
    {
        Register();
        foreach (var trial in Enumerable.Range(1, 50))
        {
            Training.Finish(trial);
        }

        Assign([.. Enumerable.Range(1, 50)]);

        Assert.True(Coordinator.FishForMessage<TrainerWord.WantTrials>(want => want.Room > 10).Room > 10);
    }
}
