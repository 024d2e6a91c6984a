using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>Who may run what, and in what shares.</summary>
public sealed class CoordinatorSharingTests : CoordinatorTests
{
    [Fact]
    public void A_run_of_one_sweep_leaves_the_others_of_its_home_waiting_until_they_are_asked_for()
    {
        Submit(Sleeps(2));
        Submit(Sleeps(2, "t"));
        var asked = new AskedSweeps();
        Restart(asked);
        Submit(Sleeps(2, "t"));
        var trainer = Trainer().Register();
        trainer.Want(4);

        Assert.All(trainer.Take(), trial => Assert.Equal("t", trial.Key.Sweep.Name));
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        Assert.Equal("this run is of other sweeps; when it is over: memcluster resume s", Live().Waiting[Sweep]);

        Restart(asked);
        Eventually(() => Assert.Equal("this run is of other sweeps; when it is over: memcluster resume s", Live().Waiting.GetValueOrDefault(Sweep)));
        Submit(Sleeps(2));
        Assert.DoesNotContain("other sweeps", Live().Waiting.GetValueOrDefault(Sweep, ""), StringComparison.Ordinal);
    }

    [Fact]
    public void Trials_go_only_to_trainers_that_offer_what_the_sweep_asks_for()
    {
        Submit(Asking("label: gpu", 3));
        var plain = Trainer().Register();
        plain.Want(2);
        plain.HearsNo<CoordinatorWord.AssignTrials>();
        Assert.Equal("no trainer offers label gpu; lab-1 offers: none", Live().Waiting[Sweep]);

        var gpu = Trainer("lab-2");
        gpu.Card = gpu.Card with { Labels = ["gpu"] };
        gpu.Register().Want(2);

        Assert.Equal(2, gpu.Take().Count);
        Assert.DoesNotContain(Sweep, Live().Waiting.Keys);
        Assert.Equal("connected", Live().Trainers[0].State);
    }

    [Fact]
    public void A_trainer_holds_only_as_many_trials_as_fit_into_its_memory_whatever_room_it_has()
    {
        Submit(Asking("memory: 400MiB", 9));
        Submit(Asking("memory: 100MiB", 9, "other"));
        Submit(Sleeps(1, "free"));
        var trainer = Trainer().Register(); // Of 1 GiB.

        trainer.Want(20);

        var taken = new List<TrialAssignment>();
        while (taken.Count < 5)
        {
            taken.AddRange(trainer.Take());
        }

        // In turns: 100, 400 (500), 100 (600), 400 (1,000 of 1,024); the one that asks for nothing fits in any case.
        Assert.Equal("free other other s s", string.Join(' ', taken.Select(trial => trial.Key.Sweep.Name).Order()));
        trainer.HearsNo<CoordinatorWord.AssignTrials>();
        trainer.Finish(taken.First(trial => trial.Key.Sweep == Sweep).Key);
        Assert.NotEmpty(trainer.Take());
    }

    [Fact]
    public void Too_little_memory_anywhere_is_told()
    {
        Submit(Asking("memory: 8GiB", 1));
        Trainer().Register().Want(2);

        Assert.Equal("a trial asks for 8 GiB of memory, and no trainer has more than 1 GiB (lab-1)", Live().Waiting[Sweep]);
    }

    [Fact]
    public void A_trainer_of_other_arithmetic_gets_none_and_needs_not_load_the_tensor_library_for_it()
    {
        Submit(Trains(1));
        var trainer = Trainer();
        trainer.Card = trainer.Card with { InstructionSet = NumericsSettings.Native };
        trainer.Register().Want(1);

        trainer.HearsNo<CoordinatorWord.ShowFingerprint>();
        Assert.Equal("it asks for numerics avx2; lab-1 computes with native on the cpu", Live().Waiting[new("t")]);
    }

    [Fact]
    public void Submitting_the_sweep_again_with_another_wish_changes_the_wish_and_outlives_a_coordinator()
    {
        Submit(Asking("label: gpu", 2));
        var trainer = Trainer().Register();
        trainer.Want(1);
        trainer.HearsNo<CoordinatorWord.AssignTrials>();

        Submit(Asking("label: cpu", 2));
        Submit(Asking("label: cpu", 2));
        Assert.Equal("no trainer offers label cpu; lab-1 offers: none", Live().Waiting[Sweep]);
        Assert.Single(Journaled<SweepEvent.SpecAmended>());
        Restart();
        var other = Trainer("lab-2");
        other.Card = other.Card with { Labels = ["cpu"] };
        other.Register().Want(1);

        Assert.Single(other.Take());
    }

    [Fact]
    public void A_small_sweep_submitted_during_a_large_one_gets_at_least_two_fifths_of_the_slots_that_become_free()
    {
        Submit(Sleeps(1000, "large"));
        FakeTrainer[] trainers = [.. Enumerable.Range(1, 4).Select(number => Trainer($"lab-{number}").Register())];
        var held = trainers.ToDictionary(trainer => trainer, _ => new Queue<TrialKey>());
        foreach (var trainer in trainers)
        {
            trainer.Want(2);
            Hold(trainer);
            Assert.Equal(2, held[trainer].Count);
        }

        for (var turn = 0; turn < 40; turn++)
        {
            End(trainers[turn % 4]);
        }

        Submit(Sleeps(10, "small"));
        var given = new List<TrialKey>();
        for (var turn = 0; given.Count(key => key.Sweep.Name == "small") < 10; turn++)
        {
            given.AddRange(End(trainers[turn % 4]));
        }

        Assert.InRange(given.Count(key => key.Sweep.Name == "small") / (double)given.Count, 0.4, 1);

        IEnumerable<TrialKey> End(FakeTrainer trainer)
        {
            trainer.Finish(held[trainer].Dequeue());
            return Hold(trainer);
        }

        TrialKey[] Hold(FakeTrainer trainer)
        {
            TrialKey[] keys = [.. trainer.Take().Select(trial => trial.Key)];
            Array.ForEach(keys, held[trainer].Enqueue);
            return keys;
        }
    }

    [Fact]
    public void Many_trainers_with_a_free_slot_at_once_do_not_all_give_it_to_the_small_sweep()
    {
        Submit(Sleeps(100, "large"));
        Submit(Sleeps(100, "small"));
        FakeTrainer[] trainers = [.. Enumerable.Range(1, 8).Select(number => Trainer($"lab-{number}").Register())];

        Array.ForEach(trainers, trainer => trainer.Want(1));

        var taken = trainers.SelectMany(trainer => trainer.Take()).ToArray();
        Assert.Equal(4, taken.Count(trial => trial.Key.Sweep.Name == "small"));
    }

    private static SweepSpec Asking(string what, int trials, string name = "s") => SpecFile.FromCanonical(
        $"sweep: {name}\nnetwork: {{ kind: sleep, seconds: 0 }}\ntraining: {{ epochs: 3 }}\nseeds: {trials}\nrequires: {{ {what} }}\n");
}
