using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>Coordinators that die, journals that fail.</summary>
public sealed class CoordinatorRestartTests : CoordinatorTests
{
    [Fact]
    public void Terms_grow_with_every_coordinator()
    {
        var before = Live().Term;
        Restart();
        Assert.Equal(before + 1, Live().Term);
        Restart();
        Assert.Equal(before + 2, Live().Term);
    }

    [Fact]
    public void Training_goes_on_over_a_change_of_coordinator()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;
        trainer.Measure(key, 1, 1, 2);
        trainer.Hear<CoordinatorWord.MeasuresWritten>();

        Restart();
        trainer.Coordinator = Coordinator;
        trainer.Measure(key, 1, 3, 3);
        Assert.Equal(2, trainer.Hear<CoordinatorWord.RegisterAgain>().Term);
        trainer.Register(key);
        Assert.Empty(trainer.TrainerRegistered!.Revoked);
        Assert.Equal(2, Assert.Single(Live().Running[Sweep]).Epoch);
        trainer.Measure(key, 1, 3, 3);
        Assert.Equal(3, trainer.Hear<CoordinatorWord.MeasuresWritten>().LastEpoch);
        trainer.Finish(key);
        trainer.Hear<CoordinatorWord.EndWritten>();

        Assert.Single(Journaled<SweepEvent.TrialFinished>());
        Assert.Empty(Journaled<SweepEvent.TrialLost>());
    }

    [Fact]
    public void Trials_that_nobody_claims_wait_one_lease_then_go_to_others()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        trainer.Take();
        Restart();
        var other = Trainer("lab-2").Register();
        other.Want(1);

        Pass(14);
        other.HearsNo<CoordinatorWord.AssignTrials>();
        other.Beat(1);
        Live();
        Pass(2);

        Assert.Equal(2, other.Take()[0].Key.Attempt);
    }

    [Fact]
    public void Who_goes_on_with_a_sweep_is_told_which_work_was_interrupted_and_how_far_it_was()
    {
        Submit(Sleeps(3));
        var trainer = Trainer().Register();
        trainer.Want(2);
        var taken = trainer.Take();
        trainer.Measure(taken[0].Key, 1, 1, 2);
        trainer.Hear<CoordinatorWord.MeasuresWritten>();
        trainer.Fail(taken[1].Key);
        trainer.Hear<CoordinatorWord.EndWritten>();
        var third = trainer.Take()[0].Key;

        Restart();
        var reply = Submit(Sleeps(3));

        Assert.True(reply.Continued);
        Assert.Equal([new(taken[0].Key, 2), new(third, 0)], reply.Interrupted);
    }

    [Fact]
    public void A_sweep_that_is_over_is_not_opened_again()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        trainer.Finish(trainer.Take()[0].Key);
        trainer.Hear<CoordinatorWord.EndWritten>();
        Assert.Contains(Sweep, Live().EpochsPerSecond.Keys);

        Restart();

        Assert.Empty(Live().EpochsPerSecond);
        var reply = Submit(Sleeps(1));
        Assert.Equal((true, 1), (reply.Continued, reply.Counts.Finished));
        Assert.Single(Stream.Of(Sys, "coordinator").OfType<CoordinatorEvent.SweepEnded>());
    }

    [Fact]
    public void A_sweep_that_was_registered_and_never_begun_is_begun_by_who_submits_it_again()
    {
        Kill(Coordinator);
        Stream.Add(Sys, "coordinator", new CoordinatorEvent.SweepRegistered(Sweep, DateTimeOffset.UnixEpoch));
        Restart();
        Trainer().Register();

        Assert.False(Submit(Sleeps(2)).Continued);
    }

    [Fact]
    public void A_sweep_of_a_version_that_cannot_be_read_says_so_and_hinders_no_other()
    {
        Kill(Coordinator);
        var spec = Sleeps(2, "old");
        Stream.Add(Sys, "coordinator", new CoordinatorEvent.SweepRegistered(spec.Name, DateTimeOffset.UnixEpoch));
        Stream.Add(
            Sys, "sweep-old",
            new SweepEvent.SweepSubmitted(spec.Name, spec.Canonical, spec.Digest, Grid.ExpansionVersion + 1, "v", 2, DateTimeOffset.UnixEpoch),
            new SweepEvent.TrialAssigned(new(spec.Name, new(1, 1), 1), 1, "t", DateTimeOffset.UnixEpoch));
        Restart();

        Assert.Contains("another version", Assert.Single(Submit(spec).Problems), StringComparison.Ordinal);
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        Assert.Equal(Sweep, trainer.Take()[0].Key.Sweep);
    }

    [Fact]
    public void A_sweep_of_another_numerics_version_waits_until_it_is_accepted()
    {
        Kill(Coordinator);
        var spec = Sleeps(2);
        Stream.Add(Sys, "coordinator", new CoordinatorEvent.SweepRegistered(spec.Name, DateTimeOffset.UnixEpoch));
        Stream.Add(Sys, "sweep-s", new SweepEvent.SweepSubmitted(
            spec.Name, spec.Canonical, spec.Digest, Grid.ExpansionVersion, "older", 2, DateTimeOffset.UnixEpoch));
        Restart();
        var trainer = Trainer().Register();
        trainer.Want(1);

        Assert.Contains("older", Assert.Single(Submit(spec).Problems), StringComparison.Ordinal);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        Coordinator.Tell(new Submit(spec, AcceptVersion: true), TestActor);
        Assert.Empty(ExpectMsg<SubmitReply>().Problems);

        trainer.Take();
        Assert.Equal(NumericsSettings.Version, Assert.Single(Journaled<SweepEvent.VersionAccepted>()).NumericsVersion);
    }

    [Theory]
    [InlineData(TestJournal.Mode.Fail)]
    [InlineData(TestJournal.Mode.Reject)]
    [InlineData(TestJournal.Mode.WriteThenFail)]
    public void An_end_that_could_not_be_written_is_not_acknowledged_and_counts_once_when_it_is_told_again(TestJournal.Mode mode)
    {
        Submit(Sleeps(2));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        Behave(mode, "sweep-");
        trainer.Finish(key);
        trainer.HearsNo<CoordinatorWord.EndWritten>();
        Behave(TestJournal.Mode.Write);
        trainer.Until<CoordinatorWord.EndWritten>(() => trainer.Finish(key));

        Assert.Single(Journaled<SweepEvent.TrialFinished>());
        Eventually(() => Assert.Equal(2, Journaled<SweepEvent.TrialAssigned>().Count));
    }

    [Theory]
    [InlineData(TestJournal.Mode.Fail)]
    [InlineData(TestJournal.Mode.Reject)]
    [InlineData(TestJournal.Mode.WriteThenFail)]
    public void An_assignment_that_could_not_be_written_reaches_nobody_and_the_trial_is_not_lost(TestJournal.Mode mode)
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        Behave(mode, "sweep-");
        trainer.Want(1);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        Behave(TestJournal.Mode.Write);

        // Written and never told, the trial waits a lease for words of it.
        var taken = trainer.Until<CoordinatorWord.AssignTrials>(() =>
        {
            trainer.Want(1);
            Pass(4);
        }).Trials;

        Assert.Equal(mode == TestJournal.Mode.WriteThenFail ? 2 : 1, taken[0].Key.Attempt);
        trainer.Finish(taken[0].Key);
        trainer.Hear<CoordinatorWord.EndWritten>();
    }

    [Theory]
    [InlineData(TestJournal.Mode.Fail)]
    [InlineData(TestJournal.Mode.Reject)]
    [InlineData(TestJournal.Mode.WriteThenFail)]
    public void Measures_that_could_not_be_written_are_taken_when_they_are_told_again_and_stand_once(TestJournal.Mode mode)
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        Behave(mode, "metrics-");
        trainer.Measure(key, 1, 1, 2);
        trainer.HearsNo<CoordinatorWord.MeasuresWritten>();
        Behave(TestJournal.Mode.Write);
        var written = trainer.Until<CoordinatorWord.MeasuresWritten>(() => trainer.Measure(key, 1, 1, 2));

        Assert.Equal(2, written.LastEpoch);
        Assert.Single(Stream.Of(Sys, "metrics-s-0"));
    }

    [Theory]
    [InlineData(TestJournal.Mode.Fail)]
    [InlineData(TestJournal.Mode.Reject)]
    public void A_sweep_whose_beginning_could_not_be_written_is_not_begun(TestJournal.Mode mode)
    {
        Behave(mode, "sweep-");
        Coordinator.Tell(new Submit(Sleeps(2), false), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        Behave(TestJournal.Mode.Write);

        for (var patience = 0; patience < 50 && !HasMessages; patience++)
        {
            Coordinator.Tell(new Submit(Sleeps(2), false), TestActor);
            Thread.Sleep(100);
        }

        Assert.False(ExpectMsg<SubmitReply>().Continued);
        Assert.Single(Journaled<SweepEvent.SweepSubmitted>());
    }

    [Fact]
    public void Told_to_stop_it_stops()
    {
        Submit(Sleeps(2));
        Watch(Coordinator);

        Coordinator.Tell(StopCoordinator.Instance);

        ExpectTerminated(Coordinator);
    }
}
