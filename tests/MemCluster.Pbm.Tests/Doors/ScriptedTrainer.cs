using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Pbm.Tests;

/// <summary>
/// A trainer that does with trials what the name of their sweep says: of <c>ends-…</c> all finish, of <c>mixed-…</c> the second fails, of <c>scored-…</c> all tell of their
/// training examples; whatever
/// else there is it keeps without an end.
/// </summary>
internal sealed class ScriptedTrainer : ReceiveActor, IWithTimers
{
    public static readonly TrainerCard Card = new("testbed", 7, 64, 8, 16_000_000_000, "cpu", NumericsSettings.Avx2, null, []);

    private readonly string _name;
    private readonly int _room;
    private readonly IActorRef _coordinator;
    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly Dictionary<TrialKey, TrialAssignment> _held = [];

    /// <param name="room">Trials that it holds at once; 0: it never wants any.</param>
    public ScriptedTrainer(string name, int room, IActorRef coordinator)
    {
        (_name, _room, _coordinator) = (name, room, coordinator);
        Receive<CoordinatorWord.TrainerRegistered>(_ => Beat());
        Receive<CoordinatorWord.RegisterAgain>(_ => Register());
        Receive<CoordinatorWord.AssignTrials>(word =>
        {
            foreach (var trial in word.Trials)
            {
                _held[trial.Key] = trial;
                Say(trial);
            }
        });
        Receive<CoordinatorWord.MeasuresWritten>(word => End(word.Key));
        Receive<CoordinatorWord.EndWritten>(word => _held.Remove(word.Key));
        Receive<CoordinatorWord.TrialRevoked>(word => _held.Remove(word.Key));
        Receive<Tick>(_ => Beat());
        ReceiveAny(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Register();
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TimeSpan.FromMilliseconds(300));
    }

    private static bool Ends(TrialAssignment trial) =>
        trial.Key.Sweep.Name.StartsWith("ends-", StringComparison.Ordinal) || trial.Key.Sweep.Name.StartsWith("mixed-", StringComparison.Ordinal)
        || IsScored(trial.Key.Sweep.Name);

    public static bool IsScored(string sweep) => sweep.StartsWith("scored-", StringComparison.Ordinal);

    private void Register() => _coordinator.Tell(
        new TrainerWord.RegisterTrainer(_name, _incarnation, Protocol.Version, Card with { Slots = Math.Max(1, _room) }, [.. _held.Keys]));

    /// <summary>Everything is said again until it is answered: a busy coordinator may have missed it.</summary>
    private void Beat()
    {
        _coordinator.Tell(new TrainerWord.Heartbeat(_name, _incarnation, _room, [.. _held.Keys.Select(key => new HeldTrial(key, 0))]));
        foreach (var trial in _held.Values)
        {
            Say(trial);
        }
    }

    private void Say(TrialAssignment trial)
    {
        if (Ends(trial))
        {
            if (IsScored(trial.Key.Sweep.Name))
            {
                Finding[] found =
                [
                    Finding.OfSingles(0, ExampleNames.Given, [3, 1]), Finding.OfSingles(0, ExampleNames.True, [3, 7]), Finding.OfBits(0, ExampleNames.Corrupted, [false, true]),
                    Finding.OfSingles(1, "forgetting", [0, 2]),
                ];
                _coordinator.Tell(new TrainerWord.ReportFindings(_name, _incarnation, new TrialFound(
                    trial.Key, trial.Trial, 1, [.. found.SelectMany(FindingPart.Of)], DateTimeOffset.UnixEpoch)));
            }

            double[] numbers = [0.5, 0.25];
            _coordinator.Tell(new TrainerWord.ReportMeasures(_name, _incarnation, new TrialMeasured(
                trial.Key, trial.Trial, 1, [MeasureNames.TrainAccuracy, MeasureNames.ValidationAccuracy], MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray(),
                ["00ff"], DateTimeOffset.UnixEpoch)));
        }
    }

    private void End(TrialKey key)
    {
        if (_held.TryGetValue(key, out var trial))
        {
            var fails = key.Sweep.Name.StartsWith("mixed-", StringComparison.Ordinal) && trial.Trial == 2;
            var outcome = new TrialOutcome(
                TrialState.Finished, 1,
                ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.ValidationAccuracyBest, 0.5).Add(MeasureNames.ValidationAccuracyLast, 0.25), "00ff00ff00ff00ff");
            _coordinator.Tell(new TrainerWord.ReportEnd(
                _name, _incarnation, key, fails ? null : outcome, fails ? "IOException: no room" : null, TimeSpan.FromSeconds(2)));
        }
    }

    private sealed record Tick : INoSerializationVerificationNeeded;
}
