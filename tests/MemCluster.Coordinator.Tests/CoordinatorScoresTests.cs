using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>Trials that wait for the scores of others.</summary>
public sealed class CoordinatorScoresTests : CoordinatorTests
{
    /// <summary>Trials 1 (nothing left out) and 2 (by scores); trial 3 computes the scores.</summary>
    private static SweepSpec Spec => SpecFile.FromCanonical("sweep: s\nnetwork: { kind: sleep, seconds: 0 }\naxes: { prune: [none, el2n highest 0.5] }\n");

    [Fact]
    public void A_trial_waits_with_a_reason_and_goes_out_with_what_its_scores_say()
    {
        Scores = (_, place) => Task.FromResult<Scored>(new Scored.Found([0b101, (byte)place]));
        Submit(Spec);
        var trainer = Trainer().Register();
        trainer.Want(5);

        var first = trainer.Take();
        Assert.Equal([3, 1], first.Select(trial => trial.Trial));
        Assert.All(first, trial => Assert.Null(trial.Kept));
        Assert.Equal("1 trial waits for its scores, computed by 1 trial under way", Live().Waiting[Sweep]);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();

        trainer.Finish(first[0].Key);

        var second = Assert.Single(trainer.Take());
        Assert.Equal(2, second.Trial);
        Assert.Equal([0b101, 1], second.Kept);
        Assert.DoesNotContain(Sweep, Live().Waiting);
    }

    [Fact]
    public void Scores_that_cannot_be_read_yet_are_asked_for_again_and_the_trial_is_not_lost_meanwhile()
    {
        var asked = 0;
        Scores = (_, _) => Interlocked.Increment(ref asked) < 3
            ? Task.FromException<Scored>(new InvalidOperationException("the disk is slow")) : Task.FromResult<Scored>(new Scored.Found([1]));
        Submit(Spec);
        var trainer = Trainer().Register();
        trainer.Want(5);
        var first = trainer.Take();
        trainer.Finish(first[0].Key);
        Eventually(() => Assert.True(asked > 0));

        // The trainer is there, and can't name a trial that it does not have.
        for (var beats = 0; beats < 4; beats++)
        {
            Pass(Lease.TotalSeconds / 2);
            trainer.Beat(5, first[1].Key);
        }

        Assert.Equal((2, 1), (Assert.Single(trainer.Take()) is var trial ? trial.Trial : 0, Journaled<SweepEvent.TrialAssigned>().Count(assigned => assigned.Trial == 2)));
        Assert.Contains(Logs.Lines, line => line.ToString().Contains("the disk is slow", StringComparison.Ordinal));
    }

    [Fact]
    public void A_trial_whose_scores_were_never_measured_fails_and_says_so()
    {
        Scores = (_, _) => Task.FromResult<Scored>(new Scored.Missing("trial 3, which computes its scores, ended before it measured them"));
        Submit(Spec);
        var trainer = Trainer().Register();
        trainer.Want(5);
        trainer.Finish(trainer.Take()[0].Key);

        Eventually(() => Assert.Equal(
            "trial 3, which computes its scores, ended before it measured them", Assert.Single(Journaled<SweepEvent.TrialFailed>()).Error));
    }

    [Fact]
    public void A_trial_whose_scores_failed_ends_the_sweep_with_it_and_another_coordinator_knows_it()
    {
        Submit(Spec);
        var trainer = Trainer().Register();
        trainer.Want(5);
        var first = trainer.Take();
        trainer.Fail(first[0].Key);
        trainer.Finish(first[1].Key);

        Eventually(() => Assert.Single(Stream.Of(Sys, "coordinator").OfType<CoordinatorEvent.SweepEnded>()));
        Assert.Equal([3, 2], Journaled<SweepEvent.TrialFailed>().Select(failed => failed.Trial));
    }

    [Fact]
    public void After_a_restart_of_the_coordinator_what_waited_waits_and_what_was_scored_goes_out()
    {
        Scores = (_, _) => Task.FromResult<Scored>(new Scored.Found([7]));
        Submit(Spec);
        var trainer = Trainer().Register();
        trainer.Want(1);
        var scoring = Assert.Single(trainer.Take());
        Restart();
        trainer.Coordinator = Coordinator;
        trainer.Register(scoring.Key);
        trainer.Want(1);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();

        trainer.Finish(scoring.Key);
        trainer.Want(5);

        var rest = new List<TrialAssignment>();
        while (rest.Count < 2)
        {
            rest.AddRange(trainer.Take());
        }

        Assert.Equal([1, 2], rest.Select(trial => trial.Trial).Order());
        Assert.Equal([7], rest.Single(trial => trial.Trial == 2).Kept);
    }
}
