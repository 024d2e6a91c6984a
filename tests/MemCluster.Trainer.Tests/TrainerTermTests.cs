using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>A trainer, and the coordinator after the one that it knows.</summary>
public sealed class TrainerTermTests : TwoSlotTests
{
    [Fact]
    public void Words_of_an_older_term_are_ignored()
    {
        Register(term: 5);

        Say(new CoordinatorWord.AssignTrials(4, [Trials.Assignment(1)]));
        Say(new CoordinatorWord.RegisterAgain(4));
        Assign(5L, 2);

        Until(() => Assert.Equal([2], Training.Running));
        Assert.Equal(5, Hear<TrainerWord.RegisterTrainer>().Heard); // Whoever it was is told of the later term, and nothing else.
    }

    [Fact]
    public void A_new_coordinator_is_told_what_is_held_and_hears_again_what_the_old_one_did_not_answer()
    {
        Register();
        Assign(1);
        Training.Epoch(1, 1);
        Hear<TrainerWord.ReportMeasures>();

        Say(new CoordinatorWord.RegisterAgain(2));
        Assert.Equal([Trials.Key(1)], Hear<TrainerWord.RegisterTrainer>().Running);
        Say(new CoordinatorWord.TrainerRegistered(2, TimeSpan.FromSeconds(15), []));

        Assert.Equal((1, 1), Range(Hear<TrainerWord.ReportMeasures>()));
        Assert.Equal([1], Training.Running);
    }

    [Fact]
    public void What_a_new_coordinator_revokes_at_registration_is_stopped()
    {
        Register();
        Assign(1, 2);
        Until(() => Assert.Equal([1, 2], Training.Running));

        Say(new CoordinatorWord.TrainerRegistered(2, TimeSpan.FromSeconds(15), [Trials.Key(2)]));

        Until(() => Assert.Equal([1], Training.Running));
    }
}
