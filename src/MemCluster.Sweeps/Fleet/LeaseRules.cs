using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>How long a trainer may hold a trial, and how it comes to hold it no longer.</summary>
internal static class LeaseRules
{
    public static void Renew(RosterStep step, string trainer, IEnumerable<TrialKey> keys)
    {
        var seat = step.Seat(trainer)!;
        var held = seat.Held.ToBuilder();
        foreach (var key in keys)
        {
            if (held.TryGetValue(key, out var lease))
            {
                held[key] = lease with { Until = step.Now.Since + step.Roster.LeaseTime };
            }
        }

        step.Put(seat with { Held = held.ToImmutable() });
    }

    /// <summary>The trial is to be pending again, once its sweep has written so.</summary>
    public static void Release(RosterStep step, string trainer, Lease lease, Loss loss, string why)
    {
        if (!lease.IsEnding)
        {
            step.Put(step.Seat(trainer)!, lease with { Stage = LeaseStage.Ending, Loss = loss });
            step.Do(new RosterEffect.Ask(
                lease.Key.Sweep, new SweepCommand.ReleaseTrial(lease.Key, why, lease.Epoch, loss == Loss.HandedBack, loss == Loss.JournalLost), trainer));
        }
    }

    /// <summary>
    /// After a pause of this process itself every lease seems to have ended, while the trainers' words wait unheard: so the leases end behind them.
    /// And another coordinator may have begun meanwhile, to whom the silent are speaking: so this one first writes that it is still the one. If
    /// it is not, that write fails.
    /// </summary>
    public static void Look(RosterStep step, string node)
    {
        if (step.Roster.Confirming)
        {
            return;
        }

        if (step.Roster.Seats.Values.Any(seat => seat.Held.Values.Any(lease => HasEnded(step, seat, lease))))
        {
            step.Roster = step.Roster with { Confirming = true };
            step.Write(
                new CoordinatorEvent.TermHeld(step.Roster.Term, node, step.Now.At),
                () => step.Do(new RosterEffect.HearLast(new RosterWord.LeasesEnd())));
        }
        else
        {
            End(step);
        }
    }

    /// <summary>The transport tells of a line's end only; a lease is what ends a trial in the hands of a process that hangs or was cut off.</summary>
    public static void End(RosterStep step)
    {
        step.Roster = step.Roster with { Confirming = false };
        var time = step.Roster.LeaseTime;
        foreach (var (name, seat) in step.Roster.Seats)
        {
            TrainerRules.Miss(step, seat);
            var silent = seat.IsSilent(step.Now.Since, time);
            foreach (var lease in seat.Leases.Where(lease => HasEnded(step, seat, lease)))
            {
                Release(step, name, lease, Loss.LeaseExpired, silent
                    ? $"{name} was silent for {time.TotalSeconds:0} s"
                    : $"{name} said nothing of the trial for {time.TotalSeconds:0} s");
            }

            if (seat.Held.IsEmpty && seat.Ordered is null && (!seat.IsTaken || seat.LastHeard + (4 * time) < step.Now.Since))
            {
                step.Remove(seat);
            }
        }
    }

    /// <summary>What is still being prepared the trainer can't have told of.</summary>
    private static bool HasEnded(RosterStep step, Seat seat, Lease lease) =>
        !lease.IsEnding && lease.Until < step.Now.Since && (lease.Stage != LeaseStage.Preparing || seat.IsSilent(step.Now.Since, step.Roster.LeaseTime));
}
