using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

// What operators ask of sweeps and trainers.
public sealed partial class CoordinatorActor
{
    private void Take(ControlSweep asked)
    {
        if (!_known.Contains(asked.Sweep))
        {
            Sender.Tell(NotThere.Instance);
            return;
        }

        if (asked.Command is SweepCommand.Control.ResumeSweep or SweepCommand.Control.RetryTrials)
        {
            _settings.Only?.Add(asked.Sweep);
        }

        if (asked.Command is not SweepCommand.Control.RetryTrials || !_ended.Contains(asked.Sweep))
        {
            PassOn(OpenDesk(asked.Sweep), asked.Command, Sender);
            return;
        }

        // A sweep that was over goes on. That is written first: a coordinator that begins between the two then finds it open, and at worst ends it again.
        var asker = Sender;
        Persist(new CoordinatorEvent.SweepRegistered(asked.Sweep, _clock.GetUtcNow()), _ =>
        {
            _ended.Remove(asked.Sweep);
            var desk = OpenDesk(asked.Sweep);
            desk.EndTold = false;
            PassOn(desk, asked.Command, asker);
        });
    }

    private static void PassOn(SweepDesk desk, SweepCommand.Control command, IActorRef asker)
    {
        if (desk.IsOpen)
        {
            desk.Rules.Tell(new SweepActor.Do(command, asker));
        }
        else
        {
            desk.Controls.Add((command, asker));
        }
    }

    /// <summary>What an operator asked is on disk, or refused.</summary>
    private void Settle(SweepDesk desk, SweepCommand.Control control, SweepReply reply, IActorRef? asker)
    {
        if (control is SweepCommand.Control.DeleteSweep && reply is SweepReply.Changed deleted)
        {
            Note(desk, control, reply);
            Forget(desk.Sweep, () => asker?.Tell(new ControlReply(null, deleted.Trials, "")));
            return;
        }

        if (control is SweepCommand.Control.CancelSweep && reply is SweepReply.Changed)
        {
            Revoke(desk);
        }

        asker?.Tell(reply switch
        {
            SweepReply.Refused refused => new ControlReply(null, 0, refused.Why),
            SweepReply.Changed changed => new ControlReply(null, changed.Trials, ""),
            _ => throw new InvalidOperationException($"{control.Verb} of {desk.Sweep} was answered with {reply}."),
        });
        Note(desk, control, reply);
    }

    private void Note(SweepDesk desk, SweepCommand.Control control, SweepReply reply)
    {
        if (reply is SweepReply.Changed changed)
        {
            _log.Controlled(control.Verb, desk.Sweep, changed.Trials);
        }
        else if (reply is SweepReply.Refused refused)
        {
            _log.ControlRefused(control.Verb, desk.Sweep, refused.Why);
        }
    }

    /// <summary>
    /// The sweep's own stream says that it is deleted; then the coordinator's does. Stopped between the two, the next coordinator is told by the
    /// sweep itself when it opens.
    /// </summary>
    private void Forget(SweepId sweep, Action? then)
    {
        if (!_desks.Remove(sweep, out var desk))
        {
            return;
        }

        desk.Rules.Tell(StopCoordinator.Instance);
        desk.Metrics.Tell(StopCoordinator.Instance);
        Persist(new CoordinatorEvent.SweepForgotten(sweep, _clock.GetUtcNow()), happened =>
        {
            Note(happened);
            Context.System.EventStream.Publish(new Written(PersistenceId, LastSequenceNr, happened));
            foreach (var seat in _seats.Values.ToArray())
            {
                LetGo(seat);
            }

            then?.Invoke();
            foreach (var (submit, submitter) in desk.Submits)
            {
                Self.Tell(submit, submitter);
            }

            foreach (var (_, waiting) in desk.Controls)
            {
                waiting.Tell(NotThere.Instance);
            }
        });
    }

    private void Note(CoordinatorEvent.SweepForgotten happened)
    {
        _known.Remove(happened.Sweep);
        _ended.Remove(happened.Sweep);
        _forgotten[happened.Sweep] = _forgotten.GetValueOrDefault(happened.Sweep) + 1;
        foreach (var seat in _seats.Values)
        {
            seat.Refused.Remove(happened.Sweep);
            seat.Asked = seat.Asked == happened.Sweep ? null : seat.Asked;
        }
    }

    /// <summary>Its trials are nobody's any more: whoever trains one stops.</summary>
    private void Revoke(SweepDesk desk)
    {
        foreach (var seat in _seats.Values.ToArray())
        {
            foreach (var key in seat.Held.Keys.Where(key => key.Sweep == desk.Sweep).ToArray())
            {
                seat.Held.Remove(key);
                desk.Metrics.Tell(new MetricsActor.Forget(key));
                seat.Trainer?.Tell(new CoordinatorWord.TrialRevoked(_term, key));
            }

            LetGo(seat);
        }
    }

    private void Take(DrainTrainer asked)
    {
        if (_seats.GetValueOrDefault(asked.Trainer) is not { Trainer: not null } seat)
        {
            Sender.Tell(NotThere.Instance);
            return;
        }

        if (seat.Drained == asked.Drained)
        {
            Sender.Tell(seat.ToStatus());
            return;
        }

        var asker = Sender;
        Persist(new CoordinatorEvent.TrainerDrained(seat.Name, seat.Incarnation, asked.Drained, _clock.GetUtcNow()), happened =>
        {
            Note(happened);
            seat.Drained = _drained.Contains(seat.Incarnation);
            asker.Tell(seat.ToStatus());
            if (happened.Drained)
            {
                _log.TrainerDrained(seat.Name);
            }
            else
            {
                _log.TrainerUndrained(seat.Name);
            }

            Match();
        });
    }

    private void Note(CoordinatorEvent.TrainerDrained happened)
    {
        if (happened.Drained)
        {
            _drained.Add(happened.Incarnation);
        }
        else
        {
            _drained.Remove(happened.Incarnation);
        }
    }
}
