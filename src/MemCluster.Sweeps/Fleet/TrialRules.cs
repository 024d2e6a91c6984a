using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What is done once it stands in a sweep's journal that a trial was given out, or that an attempt is over.</summary>
internal static class TrialRules
{
    /// <summary>A frame holds 256 kB, an assignment is about 1 kB; one with bits (8 kB for 60,000 examples) goes alone.</summary>
    private const int MostInFrame = 50;

    public static void HandOut(RosterStep step, RosterWord.SweepDone done)
    {
        var (trainer, sweep) = (done.Trainer!, done.State.Submitted.Sweep);
        var desk = step.Desk(sweep)!;
        var seat = step.Seat(trainer) ?? new Seat(trainer) { LastHeard = step.Now.Since };
        var order = seat.Ordered;
        seat = seat with { Ordered = order?.Sweep == sweep ? null : order };
        if (done.Reply is SweepReply.NothingToDo { Reason.Length: > 0 } nothing)
        {
            step.Note(new RosterNote.NoTrialFor(trainer, sweep, nothing.Reason));
            seat = seat with { Refused = seat.Refused.SetItem(sweep, nothing.Reason) };
        }

        if (done.Assignments.Length > 0)
        {
            step.Note(new RosterNote.Waited(Matching.WaitOf(seat, desk, step.Now.Since), done.Assignments.Length));
        }

        foreach (var trial in done.Assignments)
        {
            seat = seat with
            {
                Held = seat.Held.SetItem(trial.Key, new(
                    trial.Key, trial.Trial, trial.Label, trial.Settings.Training.Epochs, desk.Needs.Requires.MemoryBytes, step.Now.At,
                    step.Now.Since + step.Roster.LeaseTime)),
            };
            step.Note(new RosterNote.TrialAssigned(trial.Key, trial.Trial, trial.Label, trainer));
        }

        step.Put(seat);
        if (seat.Presence is Presence.Absent or Presence.Leaving)
        {
            foreach (var trial in done.Assignments)
            {
                LeaseRules.Release(step, trainer, step.Seat(trainer)!.Held[trial.Key], Loss.NotReached, $"{trainer} left before the trial reached it");
            }

            TrainerRules.LetGo(step, trainer);
        }
        else
        {
            Send(step, seat, desk, done.Assignments, order?.ChosenAt ?? step.Now.At);
        }
    }

    /// <summary>An attempt is over, and that is on disk.</summary>
    public static void End(RosterStep step, RosterWord.SweepDone done, TrialKey key)
    {
        step.Do(new RosterEffect.ForgetAttempt(key));
        if (done.Trainer is null || step.Seat(done.Trainer) is not { } seat || !seat.Held.TryGetValue(key, out var lease))
        {
            return;
        }

        if (done.Reply is SweepReply.Noted)
        {
            step.Note(done.Command switch
            {
                SweepCommand.ReportFinished report => new RosterNote.TrialEnded(lease, report.Outcome, seat.Name),
                SweepCommand.ReportFailed report => new RosterNote.TrialFailed(lease, report.Error, seat.Name),
                SweepCommand.ReleaseTrial release => new RosterNote.TrialReleased(lease, release.Epoch, release.Why),
                _ => throw new NotSupportedException($"A {done.Command.GetType().Name} ends no attempt."),
            });
        }

        step.Put(seat with { Held = seat.Held.Remove(key) });
        switch (done)
        {
            case { Reply: SweepReply.Noted, Command: SweepCommand.ReportFailed failed }:
                IllnessRules.Failed(step, seat.Name, failed, lease.Trial, done.State);
                break;
            case { Reply: SweepReply.Noted, Command: SweepCommand.ReportFinished }:
                IllnessRules.Ended(step, seat.Name, key.Sweep, lease.Trial);
                break;
        }

        // Only what ended in truth may be forgotten with all that was kept of it: another attempt goes on with what was released.
        step.Tell(seat, done is { Command: SweepCommand.ReleaseTrial } or { Reply: SweepReply.Stale } || done.State.StateOf(lease.Trial - 1) == TrialState.Pending
            ? new CoordinatorWord.TrialRevoked(step.Roster.Term, key)
            : new CoordinatorWord.EndWritten(step.Roster.Term, key));
        step.Note(new RosterNote.Acknowledged("end", Repeat: false));
        TrainerRules.LetGo(step, seat.Name);
    }

    /// <summary>The sweep's trials are nobody's any more: whoever trains one stops.</summary>
    public static void RevokeAll(RosterStep step, SweepId sweep)
    {
        foreach (var (name, seat) in step.Roster.Seats)
        {
            foreach (var lease in seat.Leases.Where(lease => lease.Key.Sweep == sweep))
            {
                step.Put(step.Seat(name)! with { Held = step.Seat(name)!.Held.Remove(lease.Key) });
                step.Do(new RosterEffect.ForgetAttempt(lease.Key));
                step.Tell(seat, new CoordinatorWord.TrialRevoked(step.Roster.Term, lease.Key));
            }

            TrainerRules.LetGo(step, name);
        }
    }

    private static void Send(RosterStep step, Seat seat, SweepDesk desk, IReadOnlyList<TrialAssignment> trials, DateTimeOffset chosenAt)
    {
        var scored = trials.ToLookup(trial => desk.Grid!.ScoresOf(trial.Trial - 1).Count > 0);
        foreach (var some in scored[false].Chunk(MostInFrame))
        {
            step.Do(new RosterEffect.Assign(seat.Name, step.Roster.Term, [.. some], chosenAt));
        }

        foreach (var trial in scored[true])
        {
            var now = step.Seat(seat.Name)!;
            step.Put(now, now.Held[trial.Key] with { Stage = LeaseStage.Preparing });
            ScoreRules.Find(step, seat.Name, trial);
        }
    }
}
