using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>Trials on their way out and back.</summary>
public sealed class CoordinatorTrialsTests : CoordinatorTests
{
    [Fact]
    public void A_trainer_gets_what_it_has_room_for_and_no_more_when_it_asks_again()
    {
        Submit(Sleeps(4));
        var trainer = Trainer().Register();
        trainer.Want(2);

        Assert.Equal([1, 2], trainer.Take().Select(trial => trial.Trial));
        trainer.Want(2);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        trainer.Want(3);
        Assert.Equal([3], trainer.Take().Select(trial => trial.Trial));
    }

    [Fact]
    public void An_end_is_acknowledged_makes_room_and_is_written_once_however_often_it_is_told()
    {
        Submit(Sleeps(2));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        trainer.Finish(key);
        trainer.Finish(key);

        Assert.Equal(key, trainer.Hear<CoordinatorWord.EndWritten>().Key);
        Assert.Equal(2, trainer.Take()[0].Trial);
        trainer.Fail(key);
        Assert.Equal(key, trainer.Hear<CoordinatorWord.EndWritten>().Key);
        Assert.Single(Journaled<SweepEvent.TrialFinished>());
        Assert.Empty(Journaled<SweepEvent.TrialFailed>());
    }

    [Fact]
    public void Measures_are_taken_once_in_order_and_answered_with_what_is_on_disk()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        trainer.Measure(key, 1, 1, 3);
        Assert.Equal(3, trainer.Hear<CoordinatorWord.MeasuresWritten>().LastEpoch);
        trainer.Measure(key, 1, 1, 5); // A repeat with more behind it: its answer tells where to go on.
        Assert.Equal(3, trainer.Hear<CoordinatorWord.MeasuresWritten>().LastEpoch);
        trainer.Measure(key, 1, 4, 5);
        Assert.Equal(5, trainer.Hear<CoordinatorWord.MeasuresWritten>().LastEpoch);

        Assert.Equal([1, 4], Stream.Of(Sys, "metrics-s-0").Cast<TrialMeasured>().Select(batch => batch.FirstEpoch));
        Assert.Equal(5, Assert.Single(Live().Running[Sweep]).Epoch);
    }

    [Fact]
    public void A_gap_in_a_trials_epochs_means_that_the_journal_lost_some_and_another_attempt_tells_them()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        trainer.Measure(key, 1, 7, 8); // It was told that six are on disk: by a journal that is there no more.

        Assert.Equal(key, trainer.Hear<CoordinatorWord.TrialRevoked>().Key);
        Assert.Contains("epochs 1 to 6", Assert.Single(Journaled<SweepEvent.TrialLost>()).Why, StringComparison.Ordinal);
        Assert.Equal(key with { Attempt = 2 }, trainer.Take()[0].Key);
        Assert.Contains(Logs.Lines, line => line.Name == "JournalLostEpochs");
        Assert.Empty(Stream.Of(Sys, "metrics-s-0"));
    }

    [Fact]
    public void Measures_of_a_trial_that_is_not_its_own_are_not_written()
    {
        Submit(Sleeps(1));
        Trainer("lab-2").Register();
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;
        var other = Trainer("lab-3").Register();

        other.Measure(key, 1, 1, 3);

        Assert.Equal(key, other.Hear<CoordinatorWord.TrialRevoked>().Key);
        Assert.Empty(Stream.Of(Sys, "metrics-s-0"));
    }

    [Fact]
    public void Findings_are_written_once_each_and_answered_with_the_last_part_on_disk()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;
        TrainerWord.ReportFindings Parts(int first, int count) => new(trainer.Name, trainer.Incarnation, new(
            key, 1, first, [.. Enumerable.Range(first, count).Select(part => FindingPart.Of(Finding.OfNumber(1, $"n{part}", part)).Single())], DateTimeOffset.UnixEpoch));

        trainer.Say(Parts(1, 2));
        Assert.Equal(2, trainer.Hear<CoordinatorWord.FindingsWritten>().LastPart);
        trainer.Say(Parts(1, 2)); // The answer was lost.
        Assert.Equal(2, trainer.Hear<CoordinatorWord.FindingsWritten>().LastPart);
        trainer.Say(Parts(3, 1));
        Assert.Equal(3, trainer.Hear<CoordinatorWord.FindingsWritten>().LastPart);

        Assert.Equal(["n1", "n2", "n3"], Stream.Of(Sys, "metrics-s-0").Cast<TrialFound>().SelectMany(batch => batch.Parts).Select(part => part.Name));
    }

    [Fact]
    public void An_answer_leaves_only_after_its_write()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var key = trainer.Take()[0].Key;

        Behave(TestJournal.Mode.Hold);
        trainer.Measure(key, 1, 1, 3);
        trainer.Finish(key);
        trainer.Probe.ExpectNoMsg(TimeSpan.FromMilliseconds(150));
        Behave(TestJournal.Mode.Write);

        trainer.Hear<CoordinatorWord.EndWritten>();
    }

    [Fact]
    public void Two_sweeps_share_a_trainer_evenly()
    {
        Submit(Sleeps(10));
        Submit(Sleeps(10, "small"));
        var trainer = Trainer().Register();

        trainer.Want(6);

        var taken = new List<TrialAssignment>();
        while (taken.Count < 6)
        {
            taken.AddRange(trainer.Take());
        }

        Assert.Equal(3, taken.Count(trial => trial.Key.Sweep == Sweep));
        Assert.Equal(6, taken.Count);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
    }

    [Fact]
    public void What_a_trainer_is_unable_to_do_goes_to_another_and_the_operator_reads_why()
    {
        Submit(Sleeps(1));
        var trainer = Trainer().Register();
        trainer.Want(1);

        trainer.Unable(trainer.Take()[0].Key, "mnist is not here");

        Eventually(() => Assert.Equal("mnist is not here", Live().Waiting.GetValueOrDefault(Sweep)));
        trainer.Want(2);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        var other = Trainer("lab-2").Register();
        other.Want(1);
        Assert.Equal(2, other.Take()[0].Key.Attempt);
    }

    [Fact]
    public void Without_a_trainer_the_operator_reads_that_none_is_there()
    {
        Submit(Sleeps(1));

        Assert.Equal("no trainer is connected", Live().Waiting[Sweep]);
    }

    [Fact]
    public void A_tensor_sweep_asks_for_the_fingerprint_and_asks_again_if_the_question_was_lost()
    {
        Submit(Trains(2));
        var trainer = Trainer().Register();

        trainer.Want(1);
        trainer.Hear<CoordinatorWord.ShowFingerprint>();
        trainer.Want(2);
        trainer.HearsNo<CoordinatorWord.ShowFingerprint>();
        trainer.Beat(1);
        trainer.Hear<CoordinatorWord.ShowFingerprint>();
        trainer.Card = trainer.Card with { Fingerprint = "ab" };
        trainer.Register();
        trainer.Want(1);

        trainer.Take();
        Assert.Equal("ab", Assert.Single(Journaled<SweepEvent.FingerprintSettled>("t")).Fingerprint);
    }

    [Fact]
    public void A_machine_of_another_fingerprint_gets_no_trial_and_the_operator_reads_why()
    {
        Submit(Trains(2));
        var first = Trainer();
        first.Card = first.Card with { Fingerprint = "ab" };
        first.Register().Want(1);
        first.Take();
        var other = Trainer("lab-2");
        other.Card = other.Card with { Fingerprint = "cd" };

        other.Register().Want(1);

        other.HearsNo<CoordinatorWord.AssignTrials>();
        Eventually(() => Assert.Contains("cd", Live().Trainers.Single(trainer => trainer.Trainer == "lab-2").State, StringComparison.Ordinal));
    }

    [Fact]
    public void A_sleep_sweep_never_asks_for_a_fingerprint()
    {
        Submit(Sleeps(2));
        var trainer = Trainer().Register();

        trainer.Want(1);

        trainer.Take();
        trainer.HearsNo<CoordinatorWord.ShowFingerprint>();
    }
}
