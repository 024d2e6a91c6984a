using Akka.Actor;
using Akka.Pattern;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

// Which sweeps there are, and what each says of itself when it opens.
public sealed partial class CoordinatorActor
{
    private void TakeSweep(Submit submit)
    {
        var sweep = submit.Spec.Name;
        _settings.Only?.Add(sweep);
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
            foreach (var (command, asker) in desk.Controls)
            {
                desk.Rules.Tell(new SweepActor.Do(command, asker));
            }

            desk.Controls.Clear();
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
        var earlier = _forgotten.GetValueOrDefault(sweep);
        desk = new(
            sweep,
            Supervised(Props.Create(() => new SweepActor(sweep, earlier, self, clock)), SweepActor.StreamOf(sweep, earlier)),
            Supervised(Props.Create(() => new MetricsActor(sweep, earlier, self)), MetricsActor.StreamOf(sweep, earlier)))
        {
            EndTold = _ended.Contains(sweep),
        };
        return _desks[sweep] = desk;
    }

    /// <summary>A failed write stops the actor for good; its supervisor starts it again, later and later, until the database is back.</summary>
    private static IActorRef Supervised(Props props, string name) => Context.ActorOf(
        BackoffSupervisor.Props(Backoff
            .OnStop(props, "it", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 0.2, -1)
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
        desk.Learn(opened.Spec);
        (desk.Counts, desk.VersionProblem, desk.RulesOpen) = (opened.Counts, opened.VersionProblem, true);
        (desk.Hold, desk.Priority) = (opened.Hold, opened.Priority);
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
            var epochs = desk.Grid!.SettingsAt(trial.Place).Training.Epochs;
            var hold = new Hold(trial.Key, trial.Place + 1, desk.Grid.LabelAt(trial.Place), epochs, desk.Needs.Requires.MemoryBytes, trial.Since, Now + _settings.Lease)
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
        if (!_desks.TryGetValue(opened.Sweep, out var desk))
        {
            return; // Deleted meanwhile.
        }

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
        if (!desk.EndTold && desk.Counts is { AllEnded: true })
        {
            desk.EndTold = true;
            _log.IsOver(desk.Sweep, desk.Counts.Finished, desk.Counts.Diverged, desk.Counts.Failed, desk.Counts.Cancelled);
            Persist(new CoordinatorEvent.SweepEnded(desk.Sweep, _clock.GetUtcNow()), _ => _ended.Add(desk.Sweep));
        }
    }
}
