using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Pattern;
using Akka.Persistence;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>
/// The cluster singleton: knows which sweeps there are and who is connected, and matches trials with trainers. It remembers almost nothing
/// itself: what happened to trials is written by the sweeps, who is here is told by the trainers again after every change of coordinator.
/// </summary>
public sealed class CoordinatorActor : ReceivePersistentActor, IWithTimers
{
    private readonly CoordinatorSettings _settings;
    private readonly TimeProvider _clock;
    private readonly long _beganAt;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private readonly Dictionary<SweepId, SweepDesk> _desks = [];
    private readonly HashSet<SweepId> _known = [];
    private readonly HashSet<SweepId> _ended = [];
    private readonly Dictionary<string, TrainerSeat> _seats = [];

    /// <summary>Processes whose name a newer process took over: they must not take it back.</summary>
    private readonly HashSet<Guid> _replaced = [];
    private long _term;

    public CoordinatorActor(CoordinatorSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _beganAt = clock.GetTimestamp();

        Recover<CoordinatorEvent.SweepRegistered>(registered =>
        {
            _known.Add(registered.Sweep);
            _ended.Remove(registered.Sweep);
        });
        Recover<CoordinatorEvent.SweepEnded>(ended => _ended.Add(ended.Sweep));
        Recover<CoordinatorEvent.TermBegan>(began => _term = began.Term);
        Recover<RecoveryCompleted>(_ => Begin());

        Command<Submit>(TakeSweep);
        Command<AskLive>(_ => Sender.Tell(Live()));
        Command<TrainerWord.RegisterTrainer>(Register);
        Command<TrainerWord>(word => Known(word) is not null, word => Hear(Known(word)!, word));
        Command<TrainerWord>(_ => Sender.Tell(new CoordinatorWord.RegisterAgain(_term)));
        Command<SweepActor.Opened>(Open);
        Command<SweepActor.Empty>(empty => OpenWithoutTrials(_desks[empty.Sweep], null));
        Command<SweepActor.Unreadable>(sweep => OpenWithoutTrials(_desks[sweep.Sweep], sweep.Why));
        Command<SweepActor.Done>(Settle);
        Command<MetricsActor.Opened>(OpenMetrics);
        Command<MetricsActor.Taken>(Acknowledge);
        Command<Tick>(_ => EndLeases());
        Command<Terminated>(gone => Lose(_seats.Values.FirstOrDefault(seat => gone.ActorRef.Equals(seat.Trainer)), "left the cluster"));
        Command<ClusterEvent.UnreachableMember>(change => Reach(change.Member.Address, false));
        Command<ClusterEvent.ReachableMember>(change => Reach(change.Member.Address, true));
        Command<ClusterEvent.CurrentClusterState>(_ => { });
        Command<StopCoordinator>(_ => StopInOrder());
    }

    public override string PersistenceId => "coordinator";

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _clock.GetElapsedTime(_beganAt);

    private bool Ready => _desks.Values.All(desk => desk.IsOpen);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(cause, "The coordinator could not write event {0}", sequenceNr);
        Context.Stop(Self);
    }

    private void Begin()
    {
        Persist(new CoordinatorEvent.TermBegan(_term + 1, _settings.Node, _clock.GetUtcNow()), began =>
        {
            _term = began.Term;
            foreach (var sweep in _known.Except(_ended))
            {
                OpenDesk(sweep);
            }

            if (_settings.InCluster)
            {
                Cluster.Get(Context.System).Subscribe(
                    Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.ReachableMember));
            }

            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.FromSeconds(1));
            _log.Info("Coordinator on {0}, term {1}, {2} sweeps of which {3} are over", _settings.Node, _term, _known.Count, _ended.Count);
        });
    }

    // Sweeps

    private void TakeSweep(Submit submit)
    {
        var sweep = submit.Spec.Name;
        if (_known.Contains(sweep))
        {
            PassOn(OpenDesk(sweep), submit, Sender);
            return;
        }

        var asker = Sender;
        Persist(new CoordinatorEvent.SweepRegistered(sweep, _clock.GetUtcNow()), _ =>
        {
            _known.Add(sweep);
            PassOn(OpenDesk(sweep), submit, asker);
        });
    }

    /// <summary>Waits until it is known what is under way: who submits is told which work was interrupted.</summary>
    private void PassOn(SweepDesk desk, Submit submit, IActorRef asker)
    {
        if (!desk.IsOpen)
        {
            desk.Submits.Add((submit, asker));
            return;
        }

        var unclaimed = _seats.Values
            .Where(seat => seat.Trainer is null)
            .SelectMany(seat => seat.Held.Values)
            .Where(hold => hold.Key.Sweep == desk.Sweep)
            .Select(hold => new HeldTrial(hold.Key, hold.Epoch));
        desk.Rules.Tell(submit with { Unclaimed = [.. unclaimed] }, asker);
    }

    private void PassOnWaiting(SweepDesk desk)
    {
        if (desk.IsOpen)
        {
            foreach (var (submit, asker) in desk.Submits)
            {
                PassOn(desk, submit, asker);
            }

            desk.Submits.Clear();
        }
    }

    private SweepDesk OpenDesk(SweepId sweep)
    {
        if (_desks.TryGetValue(sweep, out var desk))
        {
            return desk;
        }

        var self = Self;
        var clock = _clock;
        desk = new(
            sweep,
            Supervised(Props.Create(() => new SweepActor(sweep, self, clock)), SweepActor.StreamOf(sweep)),
            Supervised(Props.Create(() => new MetricsActor(sweep, self)), MetricsActor.StreamOf(sweep)))
        {
            EndTold = _ended.Contains(sweep),
        };
        return _desks[sweep] = desk;
    }

    /// <summary>A failed write stops the actor for good; its supervisor starts it again, later and later, until the database is back.</summary>
    private static IActorRef Supervised(Props props, string name) => Context.ActorOf(
        BackoffSupervisor.Props(Backoff
            .OnStop(props, "it", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), 0.2, -1)
            .WithFinalStopMessage(message => message is StopCoordinator)),
        name);

    /// <summary>Nothing was begun, or nothing can be read: trainers need not wait for it.</summary>
    private void OpenWithoutTrials(SweepDesk desk, string? problem)
    {
        (desk.RulesOpen, desk.VersionProblem) = (true, problem);
        PassOnWaiting(desk);
    }

    /// <summary>A sweep says what is under way in truth: holds it does not know end, and those nobody holds wait one lease for their trainer.</summary>
    private void Open(SweepActor.Opened opened)
    {
        var desk = _desks[opened.Spec.Name];
        (desk.Spec, desk.Counts, desk.VersionProblem, desk.RulesOpen) = (opened.Spec, opened.Counts, opened.VersionProblem, true);
        var running = opened.Running.ToDictionary(trial => trial.Key);
        foreach (var seat in _seats.Values)
        {
            seat.Asked = seat.Asked == desk.Sweep ? null : seat.Asked;
            foreach (var hold in seat.Held.Values.Where(hold => hold.Key.Sweep == desk.Sweep).ToArray())
            {
                hold.Ending = false;
                if (!running.Remove(hold.Key))
                {
                    seat.Held.Remove(hold.Key);
                    seat.Trainer?.Tell(new CoordinatorWord.TrialRevoked(_term, hold.Key));
                }
            }
        }

        foreach (var trial in running.Values)
        {
            var hold = new Hold(trial.Key, trial.Place + 1, "", 0, trial.Since, Now + _settings.Lease)
            {
                Epoch = desk.RecoveredEpochs.GetValueOrDefault(trial.Key),
            };
            Seat(trial.Trainer).Held[trial.Key] = hold;
        }

        desk.RecoveredEpochs.Clear();
        desk.Metrics.Tell(new MetricsActor.Keep([.. opened.Running.Select(trial => trial.Key)]));
        PassOnWaiting(desk);
        TellEnd(desk);
        Match();
    }

    private void OpenMetrics(MetricsActor.Opened opened)
    {
        var desk = _desks[opened.Sweep];
        desk.MetricsOpen = true;
        foreach (var written in opened.Written)
        {
            if (HoldOf(written.Key) is { } hold)
            {
                hold.Epoch = Math.Max(hold.Epoch, written.Epoch);
            }
            else if (!desk.RulesOpen)
            {
                desk.RecoveredEpochs[written.Key] = written.Epoch;
            }
        }

        PassOnWaiting(desk);
    }

    private void TellEnd(SweepDesk desk)
    {
        if (!desk.EndTold && desk.Counts is { Pending: 0, Running: 0 })
        {
            desk.EndTold = true;
            Persist(new CoordinatorEvent.SweepEnded(desk.Sweep, _clock.GetUtcNow()), _ => _ended.Add(desk.Sweep));
        }
    }

    // Trainers

    private TrainerSeat Seat(string name)
    {
        if (!_seats.TryGetValue(name, out var seat))
        {
            _seats[name] = seat = new(name) { LastHeard = Now };
        }

        return seat;
    }

    /// <summary>The seat of exactly this process; null if it is not registered.</summary>
    private TrainerSeat? Known(TrainerWord word) =>
        _seats.TryGetValue(word.Trainer, out var seat) && seat.Trainer is not null && seat.Incarnation == word.Incarnation ? seat : null;

    private Hold? HoldOf(TrialKey key) => _seats.Values.Select(seat => seat.Held.GetValueOrDefault(key)).FirstOrDefault(hold => hold is not null);

    private void Register(TrainerWord.RegisterTrainer word)
    {
        if (word.ProtocolVersion != Protocol.Version)
        {
            Sender.Tell(new CoordinatorWord.TrainerRefused(
                _term, $"This trainer speaks protocol {word.ProtocolVersion}, the coordinator {Protocol.Version}; run the same version on both."));
            return;
        }

        if (_replaced.Contains(word.Incarnation))
        {
            Sender.Tell(new CoordinatorWord.TrainerRefused(
                _term, $"Another trainer has taken the name '{word.Trainer}'; give each its own with --name."));
            return;
        }

        if (!Ready)
        {
            return; // It will say so again, and by then what it holds can be checked.
        }

        var seat = Seat(word.Trainer);
        if (seat.Trainer is not null && !seat.Trainer.Equals(Sender))
        {
            Context.Unwatch(seat.Trainer);
        }

        // Also one that was given up for lost: it may only have been cut off.
        if (seat.Incarnation != Guid.Empty && seat.Incarnation != word.Incarnation)
        {
            _replaced.Add(seat.Incarnation);
        }

        if (seat.Incarnation != word.Incarnation)
        {
            var kept = word.Running.ToHashSet();
            foreach (var hold in seat.Held.Values.Where(hold => !kept.Contains(hold.Key)))
            {
                Release(hold, $"{seat.Name} was started again");
            }
        }

        (seat.Trainer, seat.Incarnation, seat.Card, seat.LastHeard) = (Sender, word.Incarnation, word.Card, Now);
        (seat.Reachable, seat.Leaving, seat.AskedForFingerprint) = (true, false, false);
        seat.Refused.Clear();
        Context.Watch(Sender);
        var revoked = word.Running.Where(key => !seat.Held.ContainsKey(key)).ToArray();
        Renew(seat, word.Running.Except(revoked));
        Sender.Tell(new CoordinatorWord.TrainerRegistered(_term, _settings.Lease, revoked));
        _log.Info("Trainer {0} registered with {1} slots, holding {2} trials", seat.Name, word.Card.Slots, seat.Held.Count);
    }

    private void Hear(TrainerSeat seat, TrainerWord word)
    {
        seat.LastHeard = Now;
        switch (word)
        {
            case TrainerWord.WantTrials want:
                seat.Room = want.Room;
                Match();
                break;

            case TrainerWord.Heartbeat beat:
                seat.Room = beat.Room;
                seat.AskedForFingerprint = false; // The question may have been lost: ask again.
                Renew(seat, beat.Running.Select(held => held.Key));
                foreach (var held in beat.Running.Where(held => !seat.Held.ContainsKey(held.Key)))
                {
                    Sender.Tell(new CoordinatorWord.TrialRevoked(_term, held.Key));
                }

                Match();
                break;

            case TrainerWord.ReportMeasures report when seat.Held.ContainsKey(report.Batch.Key):
                _desks[report.Batch.Key.Sweep].Metrics.Tell(report.Batch);
                break;
            case TrainerWord.ReportMeasures report:
                Sender.Tell(new CoordinatorWord.TrialRevoked(_term, report.Batch.Key));
                break;

            case TrainerWord.ReportEnd end when seat.Held.TryGetValue(end.Key, out var hold):
                if (!hold.Ending)
                {
                    hold.Ending = true;
                    Ask(end.Key.Sweep, end.Outcome is { } outcome
                        ? new SweepCommand.ReportFinished(end.Key, outcome, end.Spent)
                        : new SweepCommand.ReportFailed(end.Key, end.Error ?? "no reason was given", end.Spent));
                }

                break;
            case TrainerWord.ReportEnd end:
                Sender.Tell(new CoordinatorWord.EndWritten(_term, end.Key)); // Written before, or no longer its own: either way it may forget it.
                break;

            case TrainerWord.ReportUnable unable:
                seat.Refused[unable.Key.Sweep] = unable.Why;
                if (seat.Held.TryGetValue(unable.Key, out var returned))
                {
                    Release(returned, unable.Why);
                }

                break;

            case TrainerWord.TrainerLeaves leaves:
                seat.Leaving = true;
                var epochs = leaves.HandedBack.ToDictionary(held => held.Key, held => held.Epoch);
                foreach (var hold in seat.Held.Values)
                {
                    hold.Epoch = Math.Max(hold.Epoch, epochs.GetValueOrDefault(hold.Key));
                    Release(hold, leaves.Why);
                }

                LetGo(seat);
                break;
        }
    }

    private void Renew(TrainerSeat seat, IEnumerable<TrialKey> keys)
    {
        foreach (var key in keys)
        {
            if (seat.Held.TryGetValue(key, out var hold))
            {
                hold.LeaseUntil = Now + _settings.Lease;
            }
        }
    }

    private void Release(Hold hold, string why)
    {
        if (!hold.Ending)
        {
            hold.Ending = true;
            Ask(hold.Key.Sweep, new SweepCommand.ReleaseTrial(hold.Key, why, hold.Epoch));
        }
    }

    private void Lose(TrainerSeat? seat, string how)
    {
        if (seat is null)
        {
            return;
        }

        _log.Warning("Trainer {0} {1}; its {2} trials go to others", seat.Name, how, seat.Held.Count);
        seat.Trainer = null;
        foreach (var hold in seat.Held.Values)
        {
            Release(hold, $"{seat.Name} {how}");
        }

        if (seat.Held.Count == 0)
        {
            _seats.Remove(seat.Name);
        }
    }

    /// <summary>Terminated comes with a member's removal only; a lease is what ends a trial in the hands of a process that hangs or was cut off.</summary>
    private void EndLeases()
    {
        foreach (var seat in _seats.Values.ToArray())
        {
            foreach (var hold in seat.Held.Values.Where(hold => hold.LeaseUntil < Now))
            {
                Release(hold, IsSilent(seat)
                    ? $"{seat.Name} was silent for {_settings.Lease.TotalSeconds:0} s"
                    : $"{seat.Name} said nothing of the trial for {_settings.Lease.TotalSeconds:0} s");
            }

            if (seat.Held.Count == 0 && (seat.Trainer is null || seat.LastHeard + (4 * _settings.Lease) < Now))
            {
                _seats.Remove(seat.Name);
            }
        }
    }

    /// <summary>What it lost by its silence must not go to it again.</summary>
    private bool IsSilent(TrainerSeat seat) => seat.LastHeard + _settings.Lease < Now;

    private void Reach(Address address, bool reachable)
    {
        foreach (var seat in _seats.Values.Where(seat => address.Equals(seat.Trainer?.Path.Address)))
        {
            seat.Reachable = reachable;
        }

        Match();
    }

    private void LetGo(TrainerSeat seat)
    {
        if (seat.Leaving && seat.Held.Count == 0 && seat.Asked is null)
        {
            seat.Trainer?.Tell(new CoordinatorWord.LeaveNoted(_term));
            _seats.Remove(seat.Name);
        }
    }

    // Trials

    private void Ask(SweepId sweep, SweepCommand command) => _desks[sweep].Rules.Tell(new SweepActor.Do(command));

    /// <summary>Gives free room to sweeps with pending trials: the sweep with the fewest trials under way first, so that a small one gets its share.</summary>
    private void Match()
    {
        foreach (var seat in _seats.Values.Where(seat => seat.Free > 0 && !IsSilent(seat)))
        {
            var sweeps = _desks.Values
                .Where(desk => desk.HasWork && !seat.Refused.ContainsKey(desk.Sweep) && CanCompute(seat, desk))
                .OrderBy(desk => desk.Counts!.Running)
                .ToArray();
            if (sweeps.Length > 0)
            {
                var share = (seat.Free + sweeps.Length - 1) / sweeps.Length;
                seat.Asked = sweeps[0].Sweep;
                Ask(sweeps[0].Sweep, new SweepCommand.AssignTrials(
                    seat.Name, share, seat.Card!.InstructionSet, seat.Card.Fingerprint ?? ""));
            }
        }
    }

    /// <summary>A trainer that has not shown its fingerprint is asked for it once; it loads libtorch for that, which a sleep sweep never needs.</summary>
    private bool CanCompute(TrainerSeat seat, SweepDesk desk)
    {
        if (!desk.UsesTensors || seat.Card!.Fingerprint is not null)
        {
            return true;
        }

        if (!seat.AskedForFingerprint)
        {
            seat.AskedForFingerprint = true;
            seat.Trainer!.Tell(new CoordinatorWord.ShowFingerprint(_term));
        }

        return false;
    }

    /// <summary>What the rules settled is on disk: tell whom it concerns.</summary>
    private void Settle(SweepActor.Done done)
    {
        var desk = _desks[done.Sweep];
        desk.Counts = done.Counts;
        switch (done.Command)
        {
            case SweepCommand.AssignTrials ask:
                HandOut(ask.Trainer, done);
                break;
            case SweepCommand.ReportFinished finished:
                EndHold(desk, finished.Key);
                break;
            case SweepCommand.ReportFailed failed:
                EndHold(desk, failed.Key);
                break;
            case SweepCommand.ReleaseTrial released:
                EndHold(desk, released.Key);
                break;
        }

        TellEnd(desk);
        Match();
    }

    private void HandOut(string trainer, SweepActor.Done done)
    {
        var seat = Seat(trainer);
        seat.Asked = seat.Asked == done.Sweep ? null : seat.Asked;
        if (done.Reply is SweepReply.NothingToDo { Reason.Length: > 0 } nothing)
        {
            _log.Info("No trial for {0}: {1}", trainer, nothing.Reason);
            seat.Refused[done.Sweep] = nothing.Reason;
        }

        foreach (var trial in done.Assignments)
        {
            seat.Held[trial.Key] = new(
                trial.Key, trial.Trial, trial.Label, trial.Settings.Training.Epochs, _clock.GetUtcNow(), Now + _settings.Lease);
        }

        if (seat.Trainer is null || seat.Leaving)
        {
            foreach (var trial in done.Assignments)
            {
                Release(seat.Held[trial.Key], $"{trainer} left before the trial reached it");
            }

            LetGo(seat);
        }
        else if (done.Assignments.Count > 0)
        {
            // A frame holds 256 kB; an assignment is about 1 kB.
            foreach (var some in done.Assignments.Chunk(50))
            {
                seat.Trainer.Tell(new CoordinatorWord.AssignTrials(_term, some));
            }
        }
    }

    private void EndHold(SweepDesk desk, TrialKey key)
    {
        desk.Metrics.Tell(new MetricsActor.Forget(key));
        if (_seats.Values.FirstOrDefault(seat => seat.Held.ContainsKey(key)) is { } seat)
        {
            seat.Held.Remove(key);
            seat.Trainer?.Tell(new CoordinatorWord.EndWritten(_term, key));
            LetGo(seat);
        }
    }

    private void Acknowledge(MetricsActor.Taken taken)
    {
        var key = taken.Batch.Key;
        if (_seats.Values.FirstOrDefault(seat => seat.Held.ContainsKey(key)) is not { } seat)
        {
            return;
        }

        seat.Trainer?.Tell(new CoordinatorWord.MeasuresWritten(_term, key, taken.LastEpoch));
        if (taken.Fresh)
        {
            var hold = seat.Held[key];
            hold.Epoch = taken.LastEpoch;
            hold.TrainAccuracy = LastOf(taken.Batch, MeasureNames.TrainAccuracy);
            hold.ValidationAccuracy = LastOf(taken.Batch, MeasureNames.ValidationAccuracy);
            _desks[key.Sweep].Pace.Add(Now, taken.Batch.Weights.Count);
        }
    }

    private static double? LastOf(TrialMeasured batch, string measure)
    {
        var column = batch.Measures.ToList().IndexOf(measure);
        var value = column < 0 ? double.NaN : BitConverter.ToDouble(batch.Values, (((batch.Weights.Count - 1) * batch.Measures.Count) + column) * sizeof(double));
        return double.IsNaN(value) ? null : value;
    }

    // Questions

    private LiveAnswer Live() => new(
        _term,
        _seats.Values
            .Where(seat => seat.Trainer is not null)
            .SelectMany(seat => seat.Held.Values, (seat, hold) => (hold.Key.Sweep, Running: hold.ToRunning(seat.Name)))
            .OrderBy(entry => entry.Running.Trial)
            .ToLookup(entry => entry.Sweep, entry => entry.Running),
        _desks.Values.ToDictionary(desk => desk.Sweep, desk => desk.Pace.PerSecond(Now)),
        _desks.Values
            .Select(desk => (desk.Sweep, Why: WhyWaiting(desk)))
            .Where(entry => entry.Why.Length > 0)
            .ToDictionary(entry => entry.Sweep, entry => entry.Why),
        [.. _seats.Values.Where(seat => seat.Trainer is not null).OrderBy(seat => seat.Name, StringComparer.Ordinal).Select(seat => seat.ToStatus())]);

    private string WhyWaiting(SweepDesk desk)
    {
        if (desk.Counts is not { Pending: > 0 })
        {
            return "";
        }

        var connected = _seats.Values.Where(seat => seat.Trainer is not null && !seat.Leaving).ToArray();
        return desk.VersionProblem
            ?? (connected.Length == 0 ? "no trainer is connected"
                : connected.All(seat => seat.Refused.ContainsKey(desk.Sweep)) ? string.Join("; ", connected.Select(seat => seat.Refused[desk.Sweep]).Distinct())
                : "");
    }

    private void StopInOrder()
    {
        foreach (var desk in _desks.Values)
        {
            desk.Rules.Tell(StopCoordinator.Instance);
            desk.Metrics.Tell(StopCoordinator.Instance);
        }

        DeferAsync(StopCoordinator.Instance, _ => Context.Stop(Self));
    }

    /// <summary>Every second; tests, which move the clock by hand, send it themselves.</summary>
    internal sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}

/// <param name="Node">Address of this node, for the record of terms.</param>
/// <param name="Lease">A trial whose trainer is silent for this long is given to another.</param>
/// <param name="InCluster">False in tests of the actor alone.</param>
public sealed record CoordinatorSettings(string Node, TimeSpan Lease, bool InCluster = true);
