using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Trainer.Tests;

/// <summary>A trainer of one slot that is told to go, and what its trials leave behind for the next one.</summary>
public sealed class TrainerDrainTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HandClock _clock = new();
    private readonly ScriptedTraining _training = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-drain-").FullName;
    private readonly TestProbe _coordinator;
    private IActorRef _trainer;

    public TrainerDrainTests()
        : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.test.single-expect-default = 10s")
    {
        _coordinator = CreateTestProbe();
        _trainer = Start(_folder);
    }

    private CheckpointFolder Folder => new(_folder, _ => { });

    [Fact]
    public void Drained_it_takes_nothing_new_and_stops_between_two_epochs_with_its_position_kept_and_told()
    {
        Assign(1, 2);
        Epoch(1, 1);
        Drain();
        HearNo<TrainerWord.TrainerLeaves>();

        _training.Epoch(1, 2);
        Assert.Equal(2, Hear<TrainerWord.ReportMeasures>().Batch.LastEpoch);
        HearNo<TrainerWord.TrainerLeaves>();
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1), 2));

        var leaves = Hear<TrainerWord.TrainerLeaves>();
        Assert.Equal("it was drained", leaves.Why);
        Assert.Equal([new(Trials.Key(1), 2), new HeldTrial(Trials.Key(2), 0)], leaves.HandedBack.OrderBy(held => held.Key.Cell.Low));
        Assert.Equal(2, Folder.Find(OwnerOf(1))!.Epoch);
        Assert.Empty(_training.Running);
        Watch(_trainer);
        Say(new CoordinatorWord.LeaveNoted(1));
        ExpectMsg<TrainerActor.HasLeft>();
    }

    [Fact]
    public void An_epoch_that_does_not_end_within_the_limit_is_cut_off()
    {
        Assign(1);
        Drain();
        HearNo<TrainerWord.TrainerLeaves>();
        Assert.Equal([1], _training.Running);

        _clock.Advance(Limit);

        Assert.Equal([new HeldTrial(Trials.Key(1), 0)], Hear<TrainerWord.TrainerLeaves>().HandedBack);
        Assert.Empty(_training.Running);
    }

    [Fact]
    public void An_epoch_that_would_take_longer_than_the_limit_is_not_waited_for()
    {
        Assign(1);
        _clock.Advance(TimeSpan.FromSeconds(100));
        Epoch(1, 1);
        _clock.Advance(TimeSpan.FromSeconds(30)); // 70 of 100 s are left.

        Drain();

        Assert.Equal([new HeldTrial(Trials.Key(1), 1)], Hear<TrainerWord.TrainerLeaves>().HandedBack);
    }

    [Fact]
    public void A_trial_that_ends_meanwhile_is_told_as_ended()
    {
        Assign(1);
        Drain();
        _training.Finish(1);

        Hear<TrainerWord.ReportEnd>();
        HearNo<TrainerWord.TrainerLeaves>();
        Say(new CoordinatorWord.EndWritten(1, Trials.Key(1)));

        Assert.Empty(Hear<TrainerWord.TrainerLeaves>().HandedBack);
    }

    [Fact]
    public void The_next_attempt_goes_on_from_what_was_kept_tells_it_again_under_its_own_name_and_says_so()
    {
        Assign(1);
        Epoch(1, 1);
        Drain();
        _training.Epoch(1, 2);
        Hear<TrainerWord.ReportMeasures>();
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1), 2));
        Hear<TrainerWord.TrainerLeaves>();
        Say(new CoordinatorWord.LeaveNoted(1));
        ExpectMsg<TrainerActor.HasLeft>();

        _trainer = Start(_folder);
        _training.Epoch(1, 3);
        Say(new CoordinatorWord.AssignTrials(1, [Trials.Assignment(1, attempt: 2)]));

        var told = (TrialMeasured)_coordinator.FishForMessage<TrainerWord.ReportMeasures>(word => word.Batch.Key.Attempt == 2).Batch;
        Assert.Equal((1, 2), (told.FirstEpoch, told.Checkpoint));
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1, 2), told.LastEpoch));
        _training.Finish(1, 3);
        Until(() => Assert.Empty(_training.Running));
        for (var written = told.LastEpoch; written < 3; written++)
        {
            var next = _coordinator.FishForMessage<TrainerWord.ReportMeasures>(word => word.Batch.LastEpoch > written).Batch;
            Assert.Null(next.Checkpoint);
            written = next.LastEpoch - 1;
            Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1, 2), next.LastEpoch));
        }

        var end = Hear<TrainerWord.ReportEnd>();
        Assert.Equal(TimeSpan.FromSeconds(2), end.Spent); // The script's 1 s an epoch of the first attempt; the clock stands still.
        Assert.NotNull(Folder.Find(OwnerOf(1)));
        Say(new CoordinatorWord.EndWritten(1, Trials.Key(1, 2)));
        Until(() => Assert.Null(Folder.Find(OwnerOf(1))));
    }

    [Fact]
    public void A_trial_is_kept_now_and_then_without_being_told_to()
    {
        Assign(1);
        Epoch(1, 1);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Epoch(1, 2);
        Assert.Null(Folder.Find(OwnerOf(1)));

        _clock.Advance(TimeSpan.FromSeconds(30));
        Epoch(1, 3);

        Until(() => Assert.Equal(3, Folder.Find(OwnerOf(1))?.Epoch));
    }

    [Fact]
    public void Without_a_folder_it_stops_between_two_epochs_all_the_same_and_leaves_nothing_behind()
    {
        Sys.Stop(_trainer);
        _trainer = Start(null);
        Assign(1);
        Drain();
        _training.Epoch(1, 1);
        Hear<TrainerWord.ReportMeasures>();
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1), 1));

        Assert.Equal([new HeldTrial(Trials.Key(1), 1)], Hear<TrainerWord.TrainerLeaves>().HandedBack);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private static CheckpointOwner OwnerOf(int trial) => new(Trials.Key(trial).Cell, "ab", NumericsSettings.Version);

    private IActorRef Start(string? folder)
    {
        IActorRef coordinator = _coordinator;
        var card = new TrainerCard("host", 1, 1, 4, 1 << 30, "cpu", NumericsSettings.Avx2, null, []);
        var (training, clock) = (_training, _clock);
        var keeper = new TrialKeeper(folder is null ? null : new CheckpointFolder(folder, _ => { }), TimeSpan.FromSeconds(60), training.Fingerprint, clock);
        var floor = new TrainingFloor(1, training, clock, NullLoggerFactory.Instance, keeper);
        Action<string> refused = _ => { };
        var trainer = Sys.ActorOf(Props.Create(() => new TrainerActor("lab-1", Guid.NewGuid(), card, coordinator, training, clock, refused, floor)));
        trainer.Tell(new CoordinatorWord.TrainerRegistered(1, TimeSpan.FromSeconds(15), []), _coordinator);
        return trainer;
    }

    private void Assign(params int[] trials)
    {
        Say(new CoordinatorWord.AssignTrials(1, [.. trials.Select(trial => Trials.Assignment(trial))]));
        Until(() => Assert.Equal([trials[0]], _training.Running));
    }

    /// <summary>Trained, and written down.</summary>
    private void Epoch(int trial, int epoch)
    {
        _training.Epoch(trial, epoch);
        Hear<TrainerWord.ReportMeasures>();
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(trial), epoch));
    }

    /// <summary>Done when the trainer has heard it: it says that it wants no more.</summary>
    private void Drain()
    {
        _trainer.Tell(new TrainerActor.Leave("it was drained", Limit), TestActor);
        _coordinator.FishForMessage<TrainerWord.WantTrials>(want => want.Room == 0);
    }

    private void Say(CoordinatorWord word) => _trainer.Tell(word, _coordinator);

    private T Hear<T>() where T : TrainerWord => (T)_coordinator.FishForMessage(heard => heard is T, TimeSpan.FromSeconds(60));

    private void HearNo<T>() where T : TrainerWord
    {
        for (var word = _coordinator.ReceiveOne(TimeSpan.FromMilliseconds(300)); word is not null; word = _coordinator.ReceiveOne(TimeSpan.FromMilliseconds(300)))
        {
            Assert.False(word is T, $"{word}");
        }
    }

    private static void Until(Action assertion)
    {
        for (var patience = 0; ; patience++)
        {
            try
            {
                assertion();
                return;
            }
            catch (Xunit.Sdk.XunitException) when (patience < 500)
            {
                Thread.Sleep(10);
            }
        }
    }
}
