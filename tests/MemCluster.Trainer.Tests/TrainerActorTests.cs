using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Tests;

namespace MemCluster.Trainer.Tests;

/// <summary>A trainer of two slots whose coordinator is in the hands of the test, as are its clock and its training threads.</summary>
public sealed class TrainerActorTests : TestKit
{
    private static readonly Guid Incarnation = Guid.NewGuid();

    private readonly HandClock _clock = new();
    private readonly ScriptedTraining _training = new();
    private readonly TestProbe _coordinator;
    private readonly List<string> _refused = [];
    private readonly IActorRef _trainer;

    public TrainerActorTests()
        : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.test.single-expect-default = 10s")
    {
        _coordinator = CreateTestProbe();
        IActorRef coordinator = _coordinator;
        var card = new TrainerCard("host", 1, 2, 4, 1 << 30, "cpu", NumericsSettings.Avx2, null, []);
        var (training, clock) = (_training, _clock);
        Action<string> refused = reason =>
        {
            lock (_refused)
            {
                _refused.Add(reason);
            }
        };
        _trainer = Sys.ActorOf(Props.Create(() => new TrainerActor("lab-1", Incarnation, card, coordinator, training, clock, refused)));
    }

    [Fact]
    public void It_registers_until_it_is_answered_then_pulls_as_many_trials_as_it_has_slots()
    {
        var first = Hear<TrainerWord.RegisterTrainer>();
        Tick();
        Hear<TrainerWord.RegisterTrainer>();

        Say(new CoordinatorWord.TrainerRegistered(1, TimeSpan.FromSeconds(15), []));

        Assert.Equal(("lab-1", Incarnation, Protocol.Version, 0), (first.Trainer, first.Incarnation, first.ProtocolVersion, first.Running.Count));
        Assert.Equal(2, Hear<TrainerWord.WantTrials>().Room);
        _trainer.Tell(new TrainerActor.AwaitRegistered(), TestActor);
        ExpectMsg<TrainerActor.IsRegistered>();
    }

    [Fact]
    public void Slots_are_never_exceeded_and_what_waits_begins_when_one_is_free()
    {
        Register();
        Assign(1, 2, 3, 4);
        Until(() => Assert.Equal([1, 2], _training.Running));

        _training.Finish(1);

        Until(() => Assert.Equal([2, 3], _training.Running));
        _training.Finish(2);
        Until(() => Assert.Equal([3, 4], _training.Running));
        _training.Finish(3);
        _training.Finish(4);
        Until(() => Assert.Empty(_training.Running));
        Assert.Equal(2, _training.MostAtOnce);
    }

    [Fact]
    public void Epochs_are_told_until_they_are_on_disk_and_the_end_after_them()
    {
        Register();
        Assign(1);
        _training.Epoch(1, 1);
        Assert.Equal(1, Hear<TrainerWord.ReportMeasures>().Batch.LastEpoch);
        _training.Epoch(1, 2);
        _training.Finish(1, 2);
        Until(() => Assert.Empty(_training.Running));
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
        _training.Epoch(1, 1);
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
        Until(() => Assert.Equal([1, 2], _training.Running));

        Say(new CoordinatorWord.TrialRevoked(1, Trials.Key(1)));
        Say(new CoordinatorWord.TrialRevoked(1, Trials.Key(3)));

        Until(() => Assert.Equal([2], _training.Running));
        Tick(6);
        Assert.Equal([Trials.Key(2)], Hear<TrainerWord.Heartbeat>().Running.Select(held => held.Key));
    }

    [Fact]
    public void An_assignment_that_comes_twice_is_trained_once()
    {
        Register();
        Assign(1);
        Assign(1);
        Until(() => Assert.Equal([1], _training.Running));
        _training.Finish(1);
        Hear<TrainerWord.ReportEnd>();

        // What comes next would have come after the first one's second time.
        Assign(2);
        Until(() => Assert.Equal([2], _training.Running));
        Assert.Equal([1, 2], _training.Begun);
    }

    [Fact]
    public void Words_of_an_older_term_are_ignored()
    {
        Register(term: 5);

        Say(new CoordinatorWord.AssignTrials(4, [Trials.Assignment(1)]));
        Say(new CoordinatorWord.RegisterAgain(4));
        Assign(5L, 2);

        Until(() => Assert.Equal([2], _training.Running));
        Assert.Equal(5, Hear<TrainerWord.RegisterTrainer>().Heard); // Whoever it was is told of the later term, and nothing else.
    }

    [Fact]
    public void A_new_coordinator_is_told_what_is_held_and_hears_again_what_the_old_one_did_not_answer()
    {
        Register();
        Assign(1);
        _training.Epoch(1, 1);
        Hear<TrainerWord.ReportMeasures>();

        Say(new CoordinatorWord.RegisterAgain(2));
        Assert.Equal([Trials.Key(1)], Hear<TrainerWord.RegisterTrainer>().Running);
        Say(new CoordinatorWord.TrainerRegistered(2, TimeSpan.FromSeconds(15), []));

        Assert.Equal((1, 1), Range(Hear<TrainerWord.ReportMeasures>()));
        Assert.Equal([1], _training.Running);
    }

    [Fact]
    public void What_a_new_coordinator_revokes_at_registration_is_stopped()
    {
        Register();
        Assign(1, 2);
        Until(() => Assert.Equal([1, 2], _training.Running));

        Say(new CoordinatorWord.TrainerRegistered(2, TimeSpan.FromSeconds(15), [Trials.Key(2)]));

        Until(() => Assert.Equal([1], _training.Running));
    }

    [Fact]
    public void What_training_throws_is_told_in_one_line()
    {
        Register();
        Assign(1);

        _training.Throw(1, new InvalidOperationException("no room\n at c10::Error"));

        var end = Hear<TrainerWord.ReportEnd>();
        Assert.Equal((null, "InvalidOperationException: no room"), (end.Outcome, end.Error));
    }

    [Fact]
    public void A_missing_data_set_is_told_as_the_machines_own_lack()
    {
        Register();
        Assign(1);

        _training.Throw(1, new DataProblem("mnist is not here; get it"));

        Assert.Equal("mnist is not here; get it", Hear<TrainerWord.ReportUnable>().Why);
    }

    [Fact]
    public void Leaving_stops_training_hands_back_what_is_left_and_ends_when_that_is_noted()
    {
        Register();
        Assign(1, 2, 3);
        _training.Epoch(1, 1);
        Hear<TrainerWord.ReportMeasures>();
        Say(new CoordinatorWord.MeasuresWritten(1, Trials.Key(1), 1));
        Watch(_trainer);

        _trainer.Tell(new TrainerActor.Leave("told to stop"), TestActor);
        var leaves = Hear<TrainerWord.TrainerLeaves>();
        Assert.Equal("told to stop", leaves.Why);
        Assert.Equal(
            [new(Trials.Key(1), 1), new(Trials.Key(2), 0), new HeldTrial(Trials.Key(3), 0)], leaves.HandedBack.OrderBy(held => held.Key.Cell.Low));
        Assert.Empty(_training.Running);
        Hear<TrainerWord.TrainerLeaves>(); // Until it is answered.
        _trainer.Tell(TrainerActor.AskRegistered.Instance, TestActor);
        ExpectMsg<bool>(); // And not that it has left.
        Say(new CoordinatorWord.LeaveNoted(1));

        ExpectMsg<TrainerActor.HasLeft>();
        ExpectTerminated(_trainer);
    }

    [Fact]
    public void A_leaving_trainer_takes_nothing_new_and_tells_its_last_end_first()
    {
        Register();
        Assign(1);
        _training.Finish(1);
        Hear<TrainerWord.ReportEnd>();

        _trainer.Tell(new TrainerActor.Leave("told to stop"), TestActor);
        Assign(2);
        HearNo<TrainerWord.TrainerLeaves>();
        Say(new CoordinatorWord.EndWritten(1, Trials.Key(1)));

        Assert.Empty(Hear<TrainerWord.TrainerLeaves>().HandedBack);
        Assert.Empty(_training.Running);
    }

    [Fact]
    public void A_last_end_that_is_not_noted_in_time_is_handed_back()
    {
        Register();
        Assign(1);
        _training.Finish(1);
        Hear<TrainerWord.ReportEnd>();

        _trainer.Tell(new TrainerActor.Leave("told to stop"), TestActor);
        HearNo<TrainerWord.TrainerLeaves>();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([Trials.Key(1)], Hear<TrainerWord.TrainerLeaves>().HandedBack.Select(held => held.Key));
    }

    [Fact]
    public void Asked_for_its_fingerprint_it_registers_again_with_it_and_computes_it_once_at_a_time()
    {
        using var go = new ManualResetEventSlim();
        var times = 0;
        _training.Print = () =>
        {
            Interlocked.Increment(ref times);
            go.Wait();
            return "ab";
        };
        Register();

        Say(new CoordinatorWord.ShowFingerprint(1));
        Say(new CoordinatorWord.ShowFingerprint(1));
        Tick();
        go.Set();

        Assert.Equal("ab", Hear<TrainerWord.RegisterTrainer>().Card.Fingerprint);
        Assert.Equal(1, times);
    }

    [Fact]
    public void A_machine_that_would_compute_wrongly_tells_the_coordinator_why()
    {
        _training.Print = () => throw new UnsteadyArithmeticException("cnn: curvature gives other bits");
        Register();

        Say(new CoordinatorWord.ShowFingerprint(1));

        Assert.Contains("cnn: curvature", Hear<TrainerWord.RegisterTrainer>().Card.Fault, StringComparison.Ordinal);
        Assert.Empty(_refused);
    }

    [Fact]
    public void A_machine_without_a_tensor_library_says_so_to_its_operator()
    {
        _training.Print = () => throw new NotSupportedException("This application requires TorchSharp\nand a page of frames");
        Register();

        Say(new CoordinatorWord.ShowFingerprint(1));

        Until(() =>
        {
            lock (_refused)
            {
                Assert.Contains("TorchSharp", Assert.Single(_refused), StringComparison.Ordinal);
                Assert.DoesNotContain("\n", _refused[0], StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void A_refusal_reaches_the_operator()
    {
        Register();

        Say(new CoordinatorWord.TrainerRefused(1, "another one has that name"));

        Until(() => Assert.Equal(["another one has that name"], _refused));
    }

    [Fact]
    public void Many_short_trials_make_it_ask_for_a_stock()
    {
        Register();
        foreach (var trial in Enumerable.Range(1, 50))
        {
            _training.Finish(trial);
        }

        Assign([.. Enumerable.Range(1, 50)]);

        Assert.True(_coordinator.FishForMessage<TrainerWord.WantTrials>(want => want.Room > 10).Room > 10);
    }

    private void Register(long term = 1)
    {
        Say(new CoordinatorWord.TrainerRegistered(term, TimeSpan.FromSeconds(15), []));
        Hear<TrainerWord.WantTrials>();
    }

    private void Assign(params int[] trials) => Assign(1, trials);

    private void Assign(long term, params int[] trials) =>
        Say(new CoordinatorWord.AssignTrials(term, [.. trials.Select(trial => Trials.Assignment(trial))]));

    private void Tick(double seconds = 0)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        _trainer.Tell(TrainerActor.Tick.Instance);
    }

    private void Say(CoordinatorWord word) => _trainer.Tell(MessageJson.Read(MessageJson.Write(word), MessageJson.KindOf(word)), _coordinator);

    /// <summary>The next word of this kind, as it would come over the wire; others before it are passed over.</summary>
    private T Hear<T>() where T : TrainerWord
    {
        var word = (T)_coordinator.FishForMessage(heard => heard is T, TimeSpan.FromSeconds(60));
        return (T)MessageJson.Read(MessageJson.Write(word), MessageJson.KindOf(word));
    }

    /// <summary>Whatever it has said by the time it answers a question is no such word.</summary>
    private void HearNo<T>() where T : TrainerWord
    {
        _trainer.Tell(TrainerActor.AskRegistered.Instance, _coordinator);
        for (var word = _coordinator.ReceiveOne(TimeSpan.FromSeconds(10)); word is not bool; word = _coordinator.ReceiveOne(TimeSpan.FromSeconds(10)))
        {
            Assert.False(word is T or null, $"{word ?? "no answer"}");
        }
    }

    private static (int First, int Last) Range(TrainerWord.ReportMeasures word) => (word.Batch.FirstEpoch, word.Batch.LastEpoch);

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
