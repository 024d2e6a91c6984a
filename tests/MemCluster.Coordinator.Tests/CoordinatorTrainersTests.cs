using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>Trainers that come, vanish, come back, and go.</summary>
public sealed class CoordinatorTrainersTests : CoordinatorTests
{
    [Fact]
    public void A_silent_trainers_trial_goes_to_another_after_a_lease_and_its_late_words_change_nothing()
    {
        Submit(Sleeps(1));
        var silent = Trainer().Register();
        silent.Want(1);
        var key = silent.Take()[0].Key;
        silent.Measure(key, 1, 1, 2);
        silent.Hear<CoordinatorWord.MeasuresWritten>();
        var other = Trainer("lab-2").Register();
        other.Want(1);

        Pass(14);
        other.HearsNo<CoordinatorWord.AssignTrials>();
        other.Beat(1);
        Live();
        Pass(2);

        Assert.Equal(key with { Attempt = 2 }, other.Take()[0].Key);
        var lost = Assert.Single(Journaled<SweepEvent.TrialLost>());
        Assert.Equal((2, "lab-1 was silent for 15 s"), (lost.Epoch, lost.Why));
        silent.Finish(key);
        silent.Hear<CoordinatorWord.TrialRevoked>(); // Another trains it: what was kept of it must stay.
        silent.Beat(1, key);
        Assert.Equal(key, silent.Hear<CoordinatorWord.TrialRevoked>().Key);
        Assert.Empty(Journaled<SweepEvent.TrialFinished>());
    }

    [Fact]
    public void A_heartbeat_renews_the_leases_of_the_trials_it_names_and_of_no_others()
    {
        Submit(Sleeps(2));
        var trainer = Trainer().Register();
        trainer.Want(2);
        var taken = trainer.Take();

        foreach (var _ in Enumerable.Range(0, 4))
        {
            Pass(5);
            trainer.Beat(2, taken[0].Key);
        }

        Eventually(() => Assert.Single(Journaled<SweepEvent.TrialLost>()));
        var lost = Journaled<SweepEvent.TrialLost>()[0];
        Assert.Equal((taken[1].Key, "lab-1 said nothing of the trial for 15 s"), (lost.Key, lost.Why));
    }

    [Fact]
    public void A_trainer_that_is_gone_for_good_gives_its_trials_up_at_once()
    {
        Submit(Sleeps(1));
        var gone = Trainer().Register();
        gone.Want(1);
        gone.Take();
        var other = Trainer("lab-2").Register();
        other.Want(1);

        Sys.Stop(gone.Probe);

        Assert.Equal(2, other.Take()[0].Key.Attempt);
        Assert.Equal("lab-1 is gone", Assert.Single(Journaled<SweepEvent.TrialLost>()).Why);
        Eventually(() => Assert.Equal(["lab-2"], Live().Trainers.Select(trainer => trainer.Trainer)));
    }

    [Fact]
    public void The_same_process_registering_again_keeps_its_trials_and_is_told_which_are_not_its_own()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        trainer.Register(key, key with { Attempt = 7 });

        Assert.Equal([key with { Attempt = 7 }], trainer.TrainerRegistered!.Revoked);
        Assert.Equal(Lease, trainer.TrainerRegistered.Lease);
        trainer.Finish(key);
        trainer.Hear<CoordinatorWord.EndWritten>();
        Assert.Empty(Journaled<SweepEvent.TrialLost>());
        Assert.Single(Journaled<SweepEvent.TrialFinished>());
    }

    [Fact]
    public void A_new_process_of_the_same_name_takes_over_and_what_the_old_one_held_goes_out_again()
    {
        Submit(Sleeps(1));
        var old = Trainer().Register();
        old.Want(1);
        var key = old.Take()[0].Key;
        var fresh = Trainer();

        fresh.Register().Want(1);

        Assert.Equal(key with { Attempt = 2 }, fresh.Take()[0].Key);
        Assert.Equal("lab-1 was started again", Assert.Single(Journaled<SweepEvent.TrialLost>()).Why);
        old.Finish(key);
        old.Hear<CoordinatorWord.RegisterAgain>();
        Clock.Advance(TimeSpan.FromSeconds(1));
        fresh.Beat(1);
        old.Say(new TrainerWord.RegisterTrainer("lab-1", old.Incarnation, Protocol.Version, old.Card, [key]));
        Assert.Contains("--name", old.Hear<CoordinatorWord.TrainerRefused>().Reason, StringComparison.Ordinal);
        Assert.Empty(Journaled<SweepEvent.TrialFinished>());
    }

    [Fact]
    public void A_process_that_was_cut_off_does_not_take_its_name_back_from_the_one_that_replaced_it()
    {
        Submit(Sleeps(2));
        var old = Trainer().Register();
        old.Want(1);
        var key = old.Take()[0].Key;
        Behave(TestJournal.Mode.Hold); // Its seat is still there when the new one comes.
        Sys.Stop(old.Probe);
        Eventually(() => Assert.Empty(Live().Trainers));
        var fresh = Trainer().Register();
        Behave(TestJournal.Mode.Write);
        Clock.Advance(TimeSpan.FromSeconds(1));
        fresh.Beat(1); // It is really there, and not a late word of a process that is no more.

        var back = Trainer("lab-1", old.Incarnation);
        back.Say(new TrainerWord.RegisterTrainer("lab-1", back.Incarnation, Protocol.Version, back.Card, [key]));

        back.Hear<CoordinatorWord.TrainerRefused>();
        fresh.Want(1);
        fresh.Take();
    }

    [Fact]
    public void A_late_word_of_a_dead_process_does_not_keep_a_living_one_out_of_its_name()
    {
        Submit(Sleeps(1));
        var dead = Trainer();
        var living = Trainer("lab-1").Register();
        dead.Say(new TrainerWord.RegisterTrainer("lab-1", dead.Incarnation, Protocol.Version, dead.Card, [])); // Late: it ended before the other began.

        dead.Hear<CoordinatorWord.TrainerRegistered>();
        living.Want(1);
        living.Hear<CoordinatorWord.RegisterAgain>();
        Pass(16);

        living.Register();
        living.Want(1);
        Assert.Single(living.Take());
    }

    [Fact]
    public void A_trainer_of_another_protocol_is_refused_with_both_numbers()
    {
        var trainer = Trainer();

        trainer.Say(new TrainerWord.RegisterTrainer("lab-1", Guid.NewGuid(), 99, trainer.Card, []));

        Assert.Contains("99", trainer.Hear<CoordinatorWord.TrainerRefused>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_is_not_registered_is_told_to_register()
    {
        var trainer = Trainer();

        trainer.Beat(3);

        Assert.Equal(1, trainer.Hear<CoordinatorWord.RegisterAgain>().Term);
    }

    [Fact]
    public void A_leaving_trainer_may_go_when_all_that_it_handed_back_is_written()
    {
        Submit(Sleeps(2));
        var trainer = Trainer().Register();
        trainer.Want(2);
        var taken = trainer.Take();

        Behave(TestJournal.Mode.Hold);
        trainer.Leave(new(taken[0].Key, 2), new(taken[1].Key, 0));
        trainer.HearsNo<CoordinatorWord.LeaveNoted>();
        Behave(TestJournal.Mode.Write);
        trainer.Hear<CoordinatorWord.LeaveNoted>();

        Assert.Equal([(1, 2, "told to stop", true), (2, 0, "told to stop", true)],
            Journaled<SweepEvent.TrialLost>().Select(lost => (lost.Trial, lost.Epoch, lost.Why, lost.HandedBack == true)));
        Assert.Empty(Live().Trainers);
        trainer.Leave();
        trainer.Hear<CoordinatorWord.RegisterAgain>();
    }

    [Fact]
    public void An_assignment_on_its_way_to_a_leaving_trainer_comes_back()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        Behave(TestJournal.Mode.Hold);
        trainer.Want(1);
        trainer.Leave();
        trainer.HearsNo<CoordinatorWord.LeaveNoted>();

        Behave(TestJournal.Mode.Write);
        trainer.Hear<CoordinatorWord.LeaveNoted>();

        Assert.Single(Journaled<SweepEvent.TrialAssigned>());
        Assert.Single(Journaled<SweepEvent.TrialLost>());
    }

    [Fact]
    public void An_assignment_on_its_way_to_a_trainer_that_vanished_comes_back()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        Behave(TestJournal.Mode.Hold);
        trainer.Want(1);
        Live();
        Sys.Stop(trainer.Probe);
        Eventually(() => Assert.Empty(Live().Trainers));

        Behave(TestJournal.Mode.Write);

        Eventually(() => Assert.Contains("before the trial reached it", Assert.Single(Journaled<SweepEvent.TrialLost>()).Why, StringComparison.Ordinal));
    }

    [Fact]
    public void Registering_again_while_an_assignment_is_on_its_way_asks_for_nothing_twice()
    {
        Submit(Sleeps(10));
        var trainer = Trainer().Register();
        Behave(TestJournal.Mode.Hold);
        trainer.Want(2);
        trainer.Register();
        trainer.Want(2);
        Live();

        Behave(TestJournal.Mode.Write);

        Assert.Equal(2, trainer.Take().Count);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
    }
}
