using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Which sweeps there are, and what each says of itself.</summary>
internal static class SweepRules
{
    public static SweepDesk Open(RosterStep step, SweepId sweep)
    {
        if (step.Desk(sweep) is { } there)
        {
            return there;
        }

        var desk = new SweepDesk(sweep);
        step.Put(desk);
        step.Do(new RosterEffect.OpenDesk(sweep, step.Roster.Forgotten.GetValueOrDefault(sweep)));
        return desk;
    }

    /// <summary>A sweep says what is under way in truth: leases that it does not know end, and trials that nobody holds wait one lease for their trainer.</summary>
    public static void Opened(RosterStep step, RosterWord.SweepOpened opened, string node)
    {
        if (step.Desk(opened.State.Submitted.Sweep) is not { } desk)
        {
            return; // Deleted meanwhile.
        }

        if (desk.Stage != DeskStage.Opening && !opened.Confirmed)
        {
            // Its write failed. If another coordinator has written there, this one's next write fails too, and nothing is done on what is old.
            step.Write(
                new CoordinatorEvent.TermHeld(step.Roster.Term, node, step.Now.At),
                () => step.Do(new RosterEffect.Hear(opened with { Confirmed = true })));
            return;
        }

        // What was on the way to the actor that ended is lost with it.
        desk = Learn(desk, opened.State, opened.Grid, opened.Problem) with { Stage = DeskStage.Open, Unanswered = 0, Head = opened.Head, Looked = null };
        step.Put(desk);
        SettleLeases(step, desk);
        step.Put(step.Desk(desk.Sweep)! with { RecoveredEpochs = ImmutableDictionary<TrialKey, int>.Empty });
        step.Do(new RosterEffect.KeepAttempts(desk.Sweep, [.. opened.State.Running.Values.OrderBy(trial => trial.Place).Select(trial => trial.Key)]));
        SayAgain(step, desk.Sweep);
        RequestRules.PassOnWaiting(step, desk.Sweep);
        TellEnd(step, desk.Sweep);
        Matching.Match(step);
    }

    /// <summary>
    /// What trainers told of the sweep while it was being read was passed over, and they wait some seconds for an answer before they say it again.
    /// They need not: registered once more, they say everything again at once.
    /// </summary>
    public static void SayAgain(RosterStep step, SweepId sweep)
    {
        if (step.Desk(sweep) is { Stage: DeskStage.Open, MetricsOpen: true })
        {
            foreach (var seat in step.Roster.Seats.Values.Where(seat => seat.IsTaken && seat.Held.Keys.Any(key => key.Sweep == sweep)))
            {
                step.Tell(seat, new CoordinatorWord.TrainerRegistered(step.Roster.Term, step.Roster.LeaseTime, []));
            }
        }
    }

    public static void Changed(RosterStep step, RosterWord.SweepChanged changed)
    {
        if (step.Desk(changed.State.Submitted.Sweep) is { } desk)
        {
            step.Put(Learn(desk, changed.State, changed.Grid, changed.Problem) with { Stage = DeskStage.Open, Head = changed.Head });
            RequestRules.PassOnWaiting(step, desk.Sweep);
            TellEnd(step, desk.Sweep);
            Matching.Match(step);
        }
    }

    /// <summary>Nothing was begun, or nothing can be read: trainers need not wait for it.</summary>
    public static void OpenedWithoutTrials(RosterStep step, SweepId sweep, DeskStage stage, string? problem)
    {
        if (step.Desk(sweep) is { } desk)
        {
            step.Put(desk with { Stage = stage, Problem = problem, Unanswered = 0 });
            RevokeClaims(step, sweep);
            RequestRules.PassOnWaiting(step, sweep);
        }
    }

    public static void Answered(RosterStep step, SweepId sweep)
    {
        if (step.Desk(sweep) is { } desk)
        {
            step.Put(desk with { Unanswered = Math.Max(0, desk.Unanswered - 1) });
            TellEnd(step, sweep);
        }
    }

    /// <summary>What the rules of a sweep settled is on disk: tell whom it concerns.</summary>
    public static void Settle(RosterStep step, RosterWord.SweepDone done)
    {
        var sweep = done.State.Submitted.Sweep;
        if (step.Desk(sweep) is not { } desk)
        {
            step.Do(new RosterEffect.ReplyNotThere(done.Asker));
            return; // Deleted; nothing of it was running, so nobody waits for this.
        }

        step.Put(desk with { State = done.State, Head = done.Head });
        switch (done.Command)
        {
            case SweepCommand.AssignTrials:
                TrialRules.HandOut(step, done);
                break;
            case SweepCommand.ReportFinished finished:
                TrialRules.End(step, done, finished.Key);
                break;
            case SweepCommand.ReportFailed failed:
                TrialRules.End(step, done, failed.Key);
                break;
            case SweepCommand.ReleaseTrial released:
                TrialRules.End(step, done, released.Key);
                break;
            case SweepCommand.Control control:
                RequestRules.Settle(step, control, done);
                break;
            case SweepCommand.AskSeeds:
                ReplicateRules.Asked(step, sweep);
                break;
            default:
                throw new NotSupportedException($"No rule for what follows a {done.Command.GetType().Name}.");
        }

        TellEnd(step, sweep);
        Matching.Match(step);
    }

    /// <summary>
    /// The sweep's own stream says that it is deleted; then the coordinator's does. Stopped between the two, the next coordinator is told by the
    /// sweep itself when it opens.
    /// </summary>
    public static void Forget(RosterStep step, SweepId sweep, Action? then)
    {
        if (step.Desk(sweep) is not { } desk)
        {
            return;
        }

        step.Roster = step.Roster with { Desks = step.Roster.Desks.Remove(sweep) };
        foreach (var seat in step.Roster.Seats.Values)
        {
            step.Put(seat with { Refused = seat.Refused.Remove(sweep), Ordered = seat.Ordered?.Sweep == sweep ? null : seat.Ordered });
        }

        step.Do(new RosterEffect.CloseDesk(sweep));
        step.Write(new CoordinatorEvent.SweepForgotten(sweep, step.Now.At), () =>
        {
            foreach (var name in step.Roster.Seats.Keys)
            {
                TrainerRules.LetGo(step, name);
            }

            then?.Invoke();
            foreach (var request in desk.Waiting)
            {
                if (request is SweepRequest.Submit)
                {
                    step.Do(new RosterEffect.HearLast(new RosterWord.Asked(request)));
                }
                else
                {
                    step.Do(new RosterEffect.ReplyNotThere(request.Asker));
                }
            }
        });
    }

    /// <summary>
    /// A later start need not open it. As long as a request of an operator is on the way to the sweep, what it last said is not how it will stand:
    /// a retry that follows would else be forgotten at the next start.
    /// </summary>
    private static void TellEnd(RosterStep step, SweepId sweep)
    {
        ReplicateRules.Look(step, sweep);
        if (step.Desk(sweep) is { Stage: DeskStage.Open, State.IsOver: true, Unanswered: 0, Waiting.IsEmpty: true } desk && !step.Roster.Ended.Contains(sweep))
        {
            step.Note(new RosterNote.SweepOver(sweep, desk.State.Counts()));
            step.Write(new CoordinatorEvent.SweepEnded(sweep, step.Now.At, desk.Head));
        }
        else if (step.Desk(sweep) is { Stage: DeskStage.Open, State: { IsOver: false, Deleted: false } } && step.Roster.Ended.Contains(sweep))
        {
            // Another coordinator went on with it, before it was replaced by this one.
            step.Write(new CoordinatorEvent.SweepRegistered(sweep, step.Now.At));
        }
    }

    private static SweepDesk Learn(SweepDesk desk, SweepState state, Grid grid, string? problem) => desk with
    {
        State = state,
        Grid = grid,
        Problem = problem,
        Needs = new(grid.Spec.Requires, state.Shape.InstructionSet),
    };

    private static void SettleLeases(RosterStep step, SweepDesk desk)
    {
        var running = desk.State!.Running.Values.ToDictionary(trial => trial.Key);
        foreach (var (name, seat) in step.Roster.Seats)
        {
            var held = seat.Held;
            foreach (var lease in seat.Leases.Where(lease => lease.Key.Sweep == desk.Sweep))
            {
                if (running.Remove(lease.Key))
                {
                    held = held.SetItem(lease.Key, lease with { Stage = lease.Stage == LeaseStage.Preparing ? LeaseStage.Preparing : LeaseStage.Held, Loss = null });
                }
                else
                {
                    held = held.Remove(lease.Key);
                    step.Tell(seat, new CoordinatorWord.TrialRevoked(step.Roster.Term, lease.Key));
                }
            }

            step.Put(seat with { Held = held, Ordered = seat.Ordered?.Sweep == desk.Sweep ? null : seat.Ordered });
        }

        foreach (var trial in running.Values.OrderBy(trial => trial.Place))
        {
            var seat = step.Seat(trial.Trainer) ?? new Seat(trial.Trainer) { LastHeard = step.Now.Since };
            var lease = new Lease(
                trial.Key, trial.Place + 1, desk.Grid!.LabelAt(trial.Place), desk.Grid.SettingsAt(trial.Place).Training.Epochs,
                desk.Needs.Requires.MemoryBytes, trial.Since, step.Now.Since + step.Roster.LeaseTime, Epoch: desk.RecoveredEpochs.GetValueOrDefault(trial.Key));
            step.Put(seat, lease);
            if (seat.IsTaken && !seat.Claims.Contains(trial.Key))
            {
                LeaseRules.Release(step, seat.Name, lease, Loss.TrainerRestarted, $"{seat.Name} came back without it");
            }
        }

        RevokeClaims(step, desk.Sweep);
    }

    /// <summary>Whatever trainers said that they hold of a sweep, and no longer may; what they may is under a lease by now.</summary>
    private static void RevokeClaims(RosterStep step, SweepId sweep)
    {
        foreach (var seat in step.Roster.Seats.Values)
        {
            TrialKey[] claims = [.. seat.Claims.Where(key => key.Sweep == sweep)];
            foreach (var key in claims.Where(key => !seat.Held.ContainsKey(key)).OrderBy(key => key.Cell.High).ThenBy(key => key.Attempt))
            {
                step.Tell(seat, new CoordinatorWord.TrialRevoked(step.Roster.Term, key));
            }

            step.Put(seat with { Claims = seat.Claims.Except(claims) });
        }
    }
}
