using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What operators ask of sweeps and trainers.</summary>
internal static class RequestRules
{
    public static void Take(RosterStep step, SweepRequest request)
    {
        var sweep = request.Sweep;
        var isKnown = step.Roster.Known.Contains(sweep);
        if (!isKnown && request is not SweepRequest.Submit)
        {
            step.Do(new RosterEffect.ReplyNotThere(request.Asker));
            return;
        }

        if (request is SweepRequest.Submit or SweepRequest.Control { Command: SweepCommand.Control.ResumeSweep or SweepCommand.Control.RetryTrials })
        {
            step.Roster = step.Roster with { Only = step.Roster.Only?.Add(sweep) };
        }

        // A sweep that was over may go on. That is written first: a coordinator that begins between the two then finds it open, and at worst ends it
        // again; and a coordinator that has been replaced, without its knowing, finds that out before it wakes what the other wrote off.
        if (!isKnown || request is SweepRequest.Control { Command: SweepCommand.Control.RetryTrials })
        {
            step.Write(new CoordinatorEvent.SweepRegistered(sweep, step.Now.At), () => PassOn(step, request));
        }
        else
        {
            PassOn(step, request);
        }
    }

    /// <summary>What waited until it was known what is under way: who submits is told which work was interrupted.</summary>
    public static void PassOnWaiting(RosterStep step, SweepId sweep)
    {
        if (step.Desk(sweep) is { IsOpen: true, Waiting: { IsEmpty: false } waiting } desk)
        {
            step.Put(desk with { Waiting = [] });
            foreach (var request in waiting)
            {
                PassOn(step, request);
            }
        }
    }

    /// <summary>What an operator asked is on disk, or refused.</summary>
    public static void Settle(RosterStep step, SweepCommand.Control control, RosterWord.SweepDone done)
    {
        var sweep = done.State.Submitted.Sweep;
        var desk = step.Desk(sweep)!;
        step.Put(desk with { Unanswered = Math.Max(0, desk.Unanswered - 1) });
        step.Note(new RosterNote.Controlled(sweep, control.Verb, done.Reply));
        var reply = done.Reply switch
        {
            SweepReply.Refused refused => new ControlReply(null, 0, refused.Why),
            SweepReply.Changed changed => new ControlReply(null, changed.Trials, ""),
            _ => throw new InvalidOperationException($"{control.Verb} of {sweep} was answered with {done.Reply}."),
        };
        if (control is SweepCommand.Control.DeleteSweep && done.Reply is SweepReply.Changed)
        {
            SweepRules.Forget(step, sweep, () => step.Do(new RosterEffect.Reply(done.Asker, reply)));
            return;
        }

        if (control is SweepCommand.Control.ResumeSweep or SweepCommand.Control.RetryTrials)
        {
            // Whoever says so has put right what a trainer lacked, or so they think: it is tried again.
            foreach (var seat in step.Roster.Seats.Values.Where(seat => seat.Refused.ContainsKey(sweep)))
            {
                step.Put(seat with { Refused = seat.Refused.Remove(sweep) });
            }
        }

        if (control is SweepCommand.Control.CancelSweep && done.Reply is SweepReply.Changed)
        {
            TrialRules.RevokeAll(step, sweep);
        }

        step.Do(new RosterEffect.Reply(done.Asker, reply));
    }

    public static void Drain(RosterStep step, RosterWord.DrainTrainer asked)
    {
        if (step.Seat(asked.Trainer) is not { IsTaken: true } seat)
        {
            step.Do(new RosterEffect.ReplyNotThere(asked.Asker));
            return;
        }

        if (step.Roster.IsDrained(seat) == asked.Drained)
        {
            step.Do(new RosterEffect.Reply(asked.Asker, seat.ToStatus(asked.Drained)));
            return;
        }

        step.Write(new CoordinatorEvent.TrainerDrained(seat.Name, seat.Incarnation, asked.Drained, step.Now.At), () =>
        {
            step.Do(new RosterEffect.Reply(asked.Asker, seat.ToStatus(asked.Drained)));
            step.Note(new RosterNote.TrainerDrained(seat.Name, asked.Drained));
            Matching.Match(step);
        });
    }

    private static void PassOn(RosterStep step, SweepRequest request)
    {
        var desk = SweepRules.Open(step, request.Sweep);
        if (!desk.IsOpen)
        {
            step.Put(desk with { Waiting = desk.Waiting.Add(request) });
            return;
        }

        step.Put(desk with { Unanswered = desk.Unanswered + 1 });
        switch (request)
        {
            case SweepRequest.Submit submit:
                step.Do(new RosterEffect.PassSubmit(submit, Unclaimed(step.Roster, request.Sweep)));
                break;
            case SweepRequest.Control control:
                step.Do(new RosterEffect.Ask(request.Sweep, control.Command, null, request.Asker));
                break;
            default:
                throw new NotSupportedException($"No rule for {request.GetType().Name}.");
        }
    }

    private static ImmutableArray<HeldTrial> Unclaimed(Roster roster, SweepId sweep) =>
    [
        .. roster.Seats.Values
            .Where(seat => !seat.IsTaken)
            .SelectMany(seat => seat.Held.Values)
            .Where(lease => lease.Key.Sweep == sweep)
            .OrderBy(lease => lease.Trial)
            .Select(lease => new HeldTrial(lease.Key, lease.Epoch)),
    ];
}
