using Akka.Actor;
using Akka.TestKit;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>
/// A trainer in the hands of a test. All that it says and hears goes through JSON, as between machines.
/// </summary>
internal sealed class FakeTrainer(TestKitBase kit, IActorRef coordinator, string name, Guid? incarnation = null)
{
    private readonly Guid _incarnation = incarnation ?? Guid.NewGuid();

    private readonly Dictionary<TrialKey, int> _places = [];

    public string Name => name;

    public Guid Incarnation => _incarnation;

    public TestProbe Probe { get; } = kit.CreateTestProbe();

    /// <summary>Another coordinator speaks now.</summary>
    public IActorRef Coordinator { get; set; } = coordinator;

    public TrainerCard Card { get; set; } = new("host", 1, 2, 4, 1L << 30, "cpu", NumericsSettings.Avx2, null, []);

    public FakeTrainer Register(params TrialKey[] running)
    {
        // Before the coordinator is ready it says nothing: trainers repeat themselves.
        TrainerRegistered = Until<CoordinatorWord.TrainerRegistered>(() =>
            Say(new TrainerWord.RegisterTrainer(name, _incarnation, Protocol.Version, Card, running)));
        return this;
    }

    public CoordinatorWord.TrainerRegistered? TrainerRegistered { get; private set; }

    public void Say(TrainerWord word) => Coordinator.Tell(MessageJson.Read(MessageJson.Write(word), MessageJson.KindOf(word)), Probe);

    public void Want(int room) => Say(new TrainerWord.WantTrials(name, _incarnation, room));

    public void Beat(int room, params TrialKey[] held) =>
        Say(new TrainerWord.Heartbeat(name, _incarnation, room, [.. held.Select(key => new HeldTrial(key, 0))]));

    public void Finish(TrialKey key) =>
        Say(new TrainerWord.ReportEnd(name, _incarnation, key, Outcomes.Finished(), null, TimeSpan.FromSeconds(2)) { Trial = _places.GetValueOrDefault(key) });

    public void Fail(TrialKey key, FaultKind fault = FaultKind.Training, string error = "it threw") =>
        Say(new TrainerWord.ReportEnd(name, _incarnation, key, null, error, TimeSpan.FromSeconds(2)) { Trial = _places.GetValueOrDefault(key), Fault = fault });

    public void Measure(TrialKey key, int trial, int first, int last) =>
        Say(new TrainerWord.ReportMeasures(name, _incarnation, Outcomes.Measured(key, trial, first, last)));

    public void Unable(TrialKey key, string why) => Say(new TrainerWord.ReportUnable(name, _incarnation, key, why));

    public void Leave(params HeldTrial[] held) => Say(new TrainerWord.TrainerLeaves(name, _incarnation, "told to stop", held));

    /// <summary>The next word of this kind; others before it are passed over.</summary>
    public T Hear<T>() where T : CoordinatorWord
    {
        var word = (T)Probe.FishForMessage(heard => heard is T, TimeSpan.FromSeconds(60));
        return (T)MessageJson.Read(MessageJson.Write(word), MessageJson.KindOf(word));
    }

    /// <summary>Says it again and again, as a trainer does, until it is answered.</summary>
    public T Until<T>(Action say) where T : CoordinatorWord
    {
        for (var patience = 0; patience < 100; patience++)
        {
            say();
            for (var word = Probe.ReceiveOne(TimeSpan.FromMilliseconds(100)); word is not null; word = Probe.ReceiveOne(TimeSpan.FromMilliseconds(100)))
            {
                if (word is T heard)
                {
                    return heard;
                }
            }
        }

        throw new TimeoutException($"{name} never heard a {typeof(T).Name}.");
    }

    /// <summary>Trials assigned in the next such word.</summary>
    public IReadOnlyList<TrialAssignment> Take()
    {
        var trials = Hear<CoordinatorWord.AssignTrials>().Trials;
        foreach (var trial in trials)
        {
            _places[trial.Key] = trial.Trial;
        }

        return trials;
    }

    public void HearsNo<T>() where T : CoordinatorWord
    {
        for (var word = Probe.ReceiveOne(TimeSpan.FromMilliseconds(100)); word is not null; word = Probe.ReceiveOne(TimeSpan.FromMilliseconds(100)))
        {
            Assert.False(word is T, $"{name} heard {word}");
        }
    }
}
