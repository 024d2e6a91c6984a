using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MemCluster.Messages;
using MemCluster.Tests;

namespace MemCluster.Trainer.Tests;

/// <summary>A trainer of two slots whose coordinator is in the hands of the test, as are its clock and its training threads.</summary>
public abstract class TwoSlotTests : TestKit
{
    private protected static readonly Guid Incarnation = Guid.NewGuid();

    private protected HandClock Clock { get; } = new();

    private protected ScriptedTraining Training { get; } = new();

    private protected TestProbe Coordinator { get; }

    /// <summary>What its operator heard; written by its threads.</summary>
    private protected List<string> Refused { get; } = [];

    private protected IActorRef Trainer { get; }

    private protected TwoSlotTests()
        : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.test.single-expect-default = 10s")
    {
        Coordinator = CreateTestProbe();
        IActorRef coordinator = Coordinator;
        var card = new TrainerCard("host", 1, 2, 4, 1 << 30, "cpu", NumericsSettings.Avx2, null, []);
        var (training, clock) = (Training, Clock);
        Action<string> refused = reason =>
        {
            lock (Refused)
            {
                Refused.Add(reason);
            }
        };
        Trainer = Sys.ActorOf(Props.Create(() => new TrainerActor("lab-1", Incarnation, card, coordinator, training, clock, refused)));
    }

    private protected void Register(long term = 1)
    {
        Say(new CoordinatorWord.TrainerRegistered(term, TimeSpan.FromSeconds(15), []));
        Hear<TrainerWord.WantTrials>();
    }

    private protected void Assign(params int[] trials) => Assign(1, trials);

    private protected void Assign(long term, params int[] trials) =>
        Say(new CoordinatorWord.AssignTrials(term, [.. trials.Select(trial => Trials.Assignment(trial))]));

    private protected void Tick(double seconds = 0)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        Trainer.Tell(TrainerActor.Tick.Instance);
    }

    private protected void Say(CoordinatorWord word) => Trainer.Tell(MessageJson.Read(MessageJson.Write(word), MessageJson.KindOf(word)), Coordinator);

    /// <summary>The next word of this kind, as it would come over the wire; others before it are passed over.</summary>
    private protected T Hear<T>() where T : TrainerWord
    {
        var word = (T)Coordinator.FishForMessage(heard => heard is T, TimeSpan.FromSeconds(60));
        return (T)MessageJson.Read(MessageJson.Write(word), MessageJson.KindOf(word));
    }

    /// <summary>Whatever it has said by the time it answers a question is no such word.</summary>
    private protected void HearNo<T>() where T : TrainerWord
    {
        Trainer.Tell(TrainerActor.AskRegistered.Instance, Coordinator);
        for (var word = Coordinator.ReceiveOne(TimeSpan.FromSeconds(10)); word is not bool; word = Coordinator.ReceiveOne(TimeSpan.FromSeconds(10)))
        {
            Assert.False(word is T or null, $"{word ?? "no answer"}");
        }
    }

    private protected static (int First, int Last) Range(TrainerWord.ReportMeasures word) => (word.Batch.FirstEpoch, word.Batch.LastEpoch);

    private protected static void Until(Action assertion)
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
