using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>Machine's or trial's: what happened to the same trial elsewhere decides, and a sick trainer does not eat the grid.</summary>
public sealed class CoordinatorFaultTests : CoordinatorTests
{
    [Fact]
    public void What_fails_for_want_of_memory_ends_on_another_trainer_and_the_first_is_set_aside_with_the_reason()
    {
        Submit(Sleeps(4));
        var (sick, well) = (Trainer("sick").Register(), Trainer("well").Register());
        sick.Want(1);
        var key = sick.Take()[0].Key;
        well.Want(1);
        var second = well.Take()[0];
        sick.Fail(key, FaultKind.Machine, "out of memory");
        var third = sick.Take()[0];
        Assert.Equal(3, third.Trial); // Once may be chance. Trial 1 is not for it.
        well.Finish(second.Key);
        var again = well.Take()[0];
        Assert.Equal((key.Cell, 2), (again.Key.Cell, again.Key.Attempt));
        well.Finish(again.Key);

        Eventually(() => Assert.StartsWith("set aside until ", State("sick"), StringComparison.Ordinal));
        Assert.EndsWith(" UTC: trial 1 of s failed there and ended well on well: out of memory", State("sick"), StringComparison.Ordinal);

        // What was at work there before says nothing of what would come now.
        sick.Finish(third.Key);
        sick.Hear<CoordinatorWord.EndWritten>();
        Assert.StartsWith("set aside until ", State("sick"), StringComparison.Ordinal);
        Assert.Equal(new Fault(FaultKind.Machine, "sick"), Assert.Single(Journaled<SweepEvent.TrialLost>()).Fault);
    }

    [Fact]
    public void A_trainer_that_was_set_aside_is_tried_again_later_with_one_trial_and_is_well_when_that_ends()
    {
        Submit(Sleeps(9));
        var sick = Trainer("sick").Register();
        sick.Want(1);
        sick.Fail(sick.Take()[0].Key, FaultKind.Machine, "out of memory");
        sick.Fail(sick.Take()[0].Key, FaultKind.Machine, "out of memory");
        Eventually(() => Assert.StartsWith("set aside", State("sick"), StringComparison.Ordinal));
        sick.Beat(2);
        Assert.Contains("sick is set aside until ", Live().Waiting[Sweep], StringComparison.Ordinal);

        Clock.Advance(TimeSpan.FromSeconds(10));
        sick.Beat(2);
        Pass(6);
        var tried = Assert.Single(sick.Take());
        sick.Beat(2, tried.Key);
        Assert.Equal("probation", State("sick"));
        sick.Finish(tried.Key);

        Assert.NotEmpty(sick.Take());
        Assert.Equal("connected", State("sick"));
    }

    [Fact]
    public void A_trial_that_fails_everywhere_is_its_own_fault_and_nobody_is_set_aside_for_it()
    {
        Submit(Sleeps(1));
        FakeTrainer[] trainers = [.. new[] { "a", "b", "c" }.Select(name => Trainer(name).Register())];
        foreach (var trainer in trainers)
        {
            trainer.Want(1);
            trainer.Fail(Assert.Single(trainer.Take()).Key, FaultKind.Crashed, "its process ended with SIGSEGV");
        }

        Eventually(() => Assert.Equal("its process ended with SIGSEGV (it failed 2 times before, on a, b)", Assert.Single(Journaled<SweepEvent.TrialFailed>()).Error));
        Assert.All(Live().Trainers, trainer => Assert.Equal("connected", trainer.State));
    }

    [Fact]
    public void A_trainer_that_takes_no_trials_is_nobody_to_wait_for()
    {
        Submit(Sleeps(1));
        Trainer("spare").Register();
        var trainer = Trainer().Register();
        trainer.Want(1);

        trainer.Fail(trainer.Take()[0].Key);

        Eventually(() => Assert.Single(Journaled<SweepEvent.TrialFailed>()));
    }

    [Fact]
    public void A_trainer_that_lacks_the_data_is_asked_again_after_a_while()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        trainer.Unable(trainer.Take()[0].Key, "mnist is not here");
        Eventually(() => Assert.Equal("mnist is not here", State("lab-1")));

        for (var seconds = 0; seconds < 30; seconds += 10)
        {
            Clock.Advance(TimeSpan.FromSeconds(10));
            trainer.Beat(1);
        }

        Pass(1);
        trainer.Finish(Assert.Single(trainer.Take()).Key);
        Eventually(() => Assert.Single(Journaled<SweepEvent.TrialFinished>()));
    }

    [Fact]
    public void Limits_of_the_sweep_reach_the_trainer_and_may_be_changed_while_it_runs()
    {
        Submit(Limited("limits: { time: 2h }"));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var first = trainer.Take()[0];
        Submit(Limited("limits: { idle: 5m }\nretries: 0"));
        trainer.Fail(first.Key, FaultKind.Machine);

        Assert.Equal(new TrialLimits(Time: TimeSpan.FromHours(2)), first.Limits);
        Assert.Equal(new TrialLimits(Idle: TimeSpan.FromMinutes(5)), trainer.Take()[0].Limits);
        Assert.Single(Journaled<SweepEvent.TrialFailed>());
    }

    private string State(string trainer) => Live().Trainers.First(status => status.Trainer == trainer).State;

    private static SweepSpec Limited(string lines) =>
        Sweeps.SpecFile.FromCanonical($"sweep: s\nnetwork: {{ kind: sleep, seconds: 0 }}\ntraining: {{ epochs: 3 }}\nseeds: 3\n{lines}\n");
}
