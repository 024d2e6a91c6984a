using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

// Who is connected, what each holds, and for how long it may hold it.
public sealed partial class CoordinatorActor
{
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
            Refuse(word.Trainer, $"This trainer speaks protocol {word.ProtocolVersion}, the coordinator {Protocol.Version}; run the same version on both.");
            return;
        }

        if (_replaced.Contains(word.Incarnation))
        {
            Refuse(word.Trainer, $"Another trainer has taken the name '{word.Trainer}'; give each its own with --name.");
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
                Release(hold, Loss.TrainerRestarted, $"{seat.Name} was started again");
            }
        }

        var isNew = seat.Trainer is null || seat.Incarnation != word.Incarnation;
        (seat.Trainer, seat.Incarnation, seat.Card, seat.LastHeard) = (Sender, word.Incarnation, word.Card, Now);
        (seat.Reachable, seat.Leaving, seat.AskedForFingerprint) = (true, false, false);
        seat.Drained = _drained.Contains(word.Incarnation);
        seat.Refused.Clear();
        Context.Watch(Sender);
        var revoked = word.Running.Where(key => !seat.Held.ContainsKey(key)).ToArray();
        Renew(seat, word.Running.Except(revoked));
        Sender.Tell(new CoordinatorWord.TrainerRegistered(_term, _settings.Lease, revoked));
        if (isNew)
        {
            _log.TrainerJoined(seat.Name, word.Card.Host, word.Card.Slots, word.Running.Count - revoked.Length);
        }
        else
        {
            _log.TrainerRegisteredAgain(seat.Name, seat.Held.Count);
        }
    }

    private void Refuse(string trainer, string why)
    {
        _log.TrainerRefused(trainer, why);
        Sender.Tell(new CoordinatorWord.TrainerRefused(_term, why));
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

            case TrainerWord.ReportFindings report when seat.Held.ContainsKey(report.Batch.Key):
                _desks[report.Batch.Key.Sweep].Metrics.Tell(report.Batch);
                break;
            case TrainerWord.ReportFindings report:
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
                CoordinatorMeters.Answered("end", repeat: true);
                Sender.Tell(new CoordinatorWord.EndWritten(_term, end.Key)); // Written before, or no longer its own: either way it may forget it.
                break;

            case TrainerWord.ReportUnable unable:
                seat.Refused[unable.Key.Sweep] = unable.Why;
                if (seat.Held.TryGetValue(unable.Key, out var returned))
                {
                    Release(returned, Loss.Unable, unable.Why);
                }

                break;

            case TrainerWord.TrainerLeaves leaves:
                if (!seat.Leaving)
                {
                    _log.TrainerLeaves(seat.Name, leaves.Why, seat.Held.Count);
                }

                seat.Leaving = true;
                var epochs = leaves.HandedBack.ToDictionary(held => held.Key, held => held.Epoch);
                foreach (var hold in seat.Held.Values)
                {
                    hold.Epoch = Math.Max(hold.Epoch, epochs.GetValueOrDefault(hold.Key));
                    Release(hold, Loss.HandedBack, leaves.Why);
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

    private void Release(Hold hold, Loss loss, string why)
    {
        if (!hold.Ending)
        {
            (hold.Ending, hold.Loss) = (true, loss);
            Ask(hold.Key.Sweep, new SweepCommand.ReleaseTrial(hold.Key, why, hold.Epoch, loss == Loss.HandedBack));
        }
    }

    private void Lose(TrainerSeat? seat, string how)
    {
        if (seat is null)
        {
            return;
        }

        _log.TrainerLost(seat.Name, how, seat.Held.Count);
        seat.Trainer = null;
        foreach (var hold in seat.Held.Values)
        {
            Release(hold, Loss.TrainerLost, $"{seat.Name} {how}");
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
            foreach (var hold in seat.Held.Values.Where(hold => hold.LeaseUntil < Now && (!hold.Preparing || IsSilent(seat))))
            {
                Release(hold, Loss.LeaseExpired, IsSilent(seat)
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
            if (!reachable)
            {
                _log.TrainerUnreachable(seat.Name, seat.Held.Count);
            }
            else if (!seat.Reachable)
            {
                _log.TrainerReachable(seat.Name);
            }

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
}
