using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>A trainer that leaves says first what is left to say.</summary>
public sealed class TrainerLeavingTests : TwoSlotTests
{
    [Fact]
    public void Leaving_stops_training_hands_back_what_is_left_and_ends_when_that_is_noted()
    {
        Register();
        Assign(1, 2, 3);
        Training.Epoch(1, 1);
        Hear<TrainerWord.ReportMeasures>();
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1), 1));
        Watch(Trainer);

        Trainer.Tell(new TrainerActor.Leave("told to stop"), TestActor);
        var leaves = Hear<TrainerWord.TrainerLeaves>();
        Assert.Equal("told to stop", leaves.Why);
        Assert.Equal(
            [new(Trials.Key(1), 1), new(Trials.Key(2), 0), new HeldTrial(Trials.Key(3), 0)], leaves.HandedBack.OrderBy(held => held.Key.Cell.Low));
        Assert.Empty(Training.Running);
        Hear<TrainerWord.TrainerLeaves>(); // Until it is answered.
        Trainer.Tell(TrainerActor.AskRegistered.Instance, TestActor);
        ExpectMsg<bool>(); // And not that it has left.
        Say(new CoordinatorWord.LeaveNoted(1));

        ExpectMsg<TrainerActor.HasLeft>();
        ExpectTerminated(Trainer);
    }

    [Fact]
    public void A_leaving_trainer_takes_nothing_new_and_tells_its_last_end_first()
    {
        Register();
        Assign(1);
        Training.Finish(1);
        Hear<TrainerWord.ReportEnd>();

        Trainer.Tell(new TrainerActor.Leave("told to stop"), TestActor);
        Assign(2);
        HearNo<TrainerWord.TrainerLeaves>();
        Say(new CoordinatorWord.EndWritten(1, Trials.Key(1)));

        Assert.Empty(Hear<TrainerWord.TrainerLeaves>().HandedBack);
        Assert.Empty(Training.Running);
    }

    [Fact]
    public void A_last_end_that_is_not_noted_in_time_is_handed_back()
    {
        Register();
        Assign(1);
        Training.Finish(1);
        Hear<TrainerWord.ReportEnd>();

        Trainer.Tell(new TrainerActor.Leave("told to stop"), TestActor);
        HearNo<TrainerWord.TrainerLeaves>();
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([Trials.Key(1)], Hear<TrainerWord.TrainerLeaves>().HandedBack.Select(held => held.Key));
    }
}
