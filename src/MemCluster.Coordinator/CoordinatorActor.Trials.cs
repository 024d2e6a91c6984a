using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

// Matching trials with trainers, and telling them what is on disk.
public sealed partial class CoordinatorActor
{
    private void Ask(SweepId sweep, SweepCommand command) => _desks[sweep].Rules.Tell(new SweepActor.Do(command));

    /// <summary>Gives free room to sweeps with pending trials that the trainer can do, in fair shares; one sweep at a time is asked for each trainer.</summary>
    private void Match()
    {
        NoteWaits();
        foreach (var seat in _seats.Values.Where(seat => seat.Free > 0 && !IsSilent(seat)))
        {
            var claims = _desks.Values
                .Where(desk => desk.HasWork && IsAsked(desk) && !seat.Refused.ContainsKey(desk.Sweep) && CanCompute(seat, desk))
                .Select(desk => ClaimOf(desk, seat))
                .Where(claim => claim.Most > 0)
                .ToArray();
            if (FairShare.Of(seat.Free, claims) is [var (sweep, share), ..])
            {
                // Sweeps that share a trainer's memory take turns: the first would else fill it alone.
                var slots = claims.Length > 1 && _desks[sweep].Needs.Requires.MemoryBytes > 0 ? 1 : share;
                (seat.Asked, seat.AskedTrials, seat.ChosenAt) = (sweep, slots, _clock.GetUtcNow());
                Ask(sweep, new SweepCommand.AssignTrials(seat.Name, slots, seat.Card!.InstructionSet, seat.Card.Fingerprint ?? "", seat.Card.Fault));
            }
        }
    }

    private bool IsAsked(SweepDesk desk) => _settings.Only is not { } only || only.Has(desk.Sweep);

    /// <summary>Trials that were asked for and are on their way through the journal count as if they ran.</summary>
    private SlotClaim ClaimOf(SweepDesk desk, TrainerSeat seat)
    {
        var onTheirWay = _seats.Values.Sum(other => other.Asked == desk.Sweep ? other.AskedTrials : 0);
        return new(
            desk.Sweep, desk.Priority, desk.Counts!.AtWork + onTheirWay,
            Math.Min(desk.Counts.Ready - onTheirWay, Fit.Room(desk.Needs.Requires, seat.Card!, seat.MemoryTaken)));
    }

    /// <summary>A trainer that has not shown its fingerprint is asked for it once; it loads libtorch for that, which a sleep sweep never needs.</summary>
    private bool CanCompute(TrainerSeat seat, SweepDesk desk)
    {
        if (Fit.Missing(desk.Needs, seat.Card!).Count > 0 || !Fit.HasMemory(desk.Needs, seat.Card!))
        {
            return false;
        }

        // A trainer of another instruction set need not load libtorch to be told so by the rules.
        if (!desk.UsesTensors || seat.Card!.Fingerprint is not null || !Fit.HasArithmetic(desk.Needs, seat.Card))
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
        if (!_desks.TryGetValue(done.Sweep, out var desk))
        {
            done.Operator?.Tell(NotThere.Instance);
            return; // Deleted; nothing of it was running, so nobody waits for this.
        }

        (desk.Counts, desk.Hold, desk.Priority) = (done.Counts, done.Hold, done.Priority);
        switch (done.Command)
        {
            case SweepCommand.AssignTrials ask:
                HandOut(ask.Trainer, done);
                break;
            case SweepCommand.ReportFinished finished:
                TellEnd(done.Reply, finished);
                EndHold(desk, finished.Key);
                break;
            case SweepCommand.ReportFailed failed:
                TellEnd(done.Reply, failed);
                EndHold(desk, failed.Key);
                break;
            case SweepCommand.ReleaseTrial released:
                TellEnd(done.Reply, released);
                EndHold(desk, released.Key);
                break;
            case SweepCommand.Control control:
                Settle(desk, control, done.Reply, done.Operator);
                break;
        }

        if (!_desks.ContainsKey(done.Sweep))
        {
            return; // Deleted just now.
        }

        TellEnd(desk);
        ShowGauges();
        Match();
    }

    private void NoteWaits()
    {
        foreach (var seat in _seats.Values)
        {
            seat.NoteRoom(Now);
        }

        foreach (var desk in _desks.Values)
        {
            desk.NoteWork(Now);
        }
    }

    /// <summary>Since there was both: a free place and a trial for it.</summary>
    private TimeSpan WaitOf(TrainerSeat seat, SweepDesk desk)
    {
        var room = seat.RoomSince ?? Now;
        var work = desk.WorkSince ?? Now;
        return Now - (room > work ? room : work);
    }

    /// <summary>For those who look at the gauges, if anybody does.</summary>
    private void ShowGauges()
    {
        if (_gauges.IsOn)
        {
            var seats = _seats.Values.Where(seat => seat is { Trainer: not null, Card: not null }).ToArray();
            _gauges.Show(
                _desks.Values.Where(desk => desk.Counts is not null).Select(desk => (desk.Sweep, desk.Counts!)),
                seats.Sum(seat => seat.Card!.Slots),
                seats.Sum(seat => Math.Min(seat.Held.Count, seat.Card!.Slots)));
        }
    }

    private void HandOut(string trainer, SweepActor.Done done)
    {
        var seat = Seat(trainer);
        seat.Asked = seat.Asked == done.Sweep ? null : seat.Asked;
        if (done.Reply is SweepReply.NothingToDo { Reason.Length: > 0 } nothing)
        {
            _log.NoTrialFor(trainer, done.Sweep, nothing.Reason);
            seat.Refused[done.Sweep] = nothing.Reason;
        }

        if (done.Assignments.Count > 0)
        {
            CoordinatorMeters.Waited(WaitOf(seat, _desks[done.Sweep]), done.Assignments.Count);
        }

        var memory = _desks[done.Sweep].Needs.Requires.MemoryBytes;
        foreach (var trial in done.Assignments)
        {
            seat.Held[trial.Key] = new(
                trial.Key, trial.Trial, trial.Label, trial.Settings.Training.Epochs, memory, _clock.GetUtcNow(), Now + _settings.Lease);
            _log.TrialAssigned(done.Sweep, trial.Trial, trial.Key.Attempt, trial.Label, trainer);
        }

        if (seat.Trainer is null || seat.Leaving)
        {
            foreach (var trial in done.Assignments)
            {
                Release(seat.Held[trial.Key], Loss.NotReached, $"{trainer} left before the trial reached it");
            }

            LetGo(seat);
        }
        else if (done.Assignments.Count > 0)
        {
            Send(seat, _desks[done.Sweep], done.Assignments.Select(trial => AssignmentTrace.Traced(trial, trainer, seat.ChosenAt)));
        }
    }

    /// <summary>An attempt is over, and that is on disk.</summary>
    private void TellEnd(SweepReply reply, SweepCommand command)
    {
        var key = command switch
        {
            SweepCommand.ReportFinished report => report.Key,
            SweepCommand.ReportFailed report => report.Key,
            SweepCommand.ReleaseTrial release => release.Key,
            _ => throw new NotSupportedException($"A {command.GetType().Name} ends no attempt."),
        };
        if (reply is not SweepReply.Noted || _seats.Values.FirstOrDefault(seat => seat.Held.ContainsKey(key)) is not { } seat)
        {
            return;
        }

        var hold = seat.Held[key];
        switch (command)
        {
            case SweepCommand.ReportFinished report:
                _log.TrialEnded(key.Sweep, hold.Trial, key.Attempt, report.Outcome.State, seat.Name, report.Outcome.Epochs);
                break;
            case SweepCommand.ReportFailed report:
                _log.TrialFailed(key.Sweep, hold.Trial, key.Attempt, hold.Label, seat.Name, report.Error);
                break;
            case SweepCommand.ReleaseTrial release:
                var level = hold.Loss == Loss.HandedBack ? LogLevel.Information : LogLevel.Warning;
                CoordinatorMeters.Lost(key.Sweep.Name, hold.Loss);
                _log.TrialReleased(level, key.Sweep, hold.Trial, key.Attempt, hold.Label, release.Epoch, release.Why);
                break;
        }
    }

    private void EndHold(SweepDesk desk, TrialKey key)
    {
        desk.Metrics.Tell(new MetricsActor.Forget(key));
        if (_seats.Values.FirstOrDefault(seat => seat.Held.ContainsKey(key)) is { } seat)
        {
            seat.Held.Remove(key);
            seat.Trainer?.Tell(new CoordinatorWord.EndWritten(_term, key));
            CoordinatorMeters.Answered("end", repeat: false);
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
        CoordinatorMeters.Answered("measures", repeat: !taken.Fresh);
        if (taken.Fresh)
        {
            var hold = seat.Held[key];
            hold.Epoch = taken.LastEpoch;
            hold.TrainAccuracy = LastOf(taken.Batch, MeasureNames.TrainAccuracy);
            hold.ValidationAccuracy = LastOf(taken.Batch, MeasureNames.ValidationAccuracy);
            _desks[key.Sweep].Pace.Add(Now, taken.Batch.Weights.Count);
            CoordinatorMeters.Epochs(key.Sweep.Name, taken.Batch.Weights.Count);
        }
    }

    private void Acknowledge(MetricsActor.TakenFindings taken) => _seats.Values.FirstOrDefault(seat => seat.Held.ContainsKey(taken.Key))?.Trainer?.Tell(
        new CoordinatorWord.FindingsWritten(_term, taken.Key, taken.LastPart));

    private static double? LastOf(TrialMeasured batch, string measure)
    {
        var column = batch.Measures.ToList().IndexOf(measure);
        var value = column < 0 ? double.NaN : BitConverter.ToDouble(batch.Values, (((batch.Weights.Count - 1) * batch.Measures.Count) + column) * sizeof(double));
        return double.IsNaN(value) ? null : value;
    }
}
