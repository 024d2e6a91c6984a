using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Free room goes to sweeps with pending trials that the trainer can do, in fair shares; one sweep at a time is asked for each trainer.</summary>
internal static class Matching
{
    public static void Match(RosterStep step)
    {
        NoteWaits(step);
        var onTheirWay = OnTheirWay(step.Roster);
        foreach (var name in step.Roster.Seats.Keys)
        {
            Match(step, name, onTheirWay);
        }
    }

    /// <summary>Only this trainer has more room.</summary>
    public static void Match(RosterStep step, string trainer)
    {
        NoteWaits(step);
        Match(step, trainer, OnTheirWay(step.Roster));
    }

    /// <summary>Since there was both: a free place and a trial for it.</summary>
    public static TimeSpan WaitOf(Seat seat, SweepDesk desk, TimeSpan now)
    {
        var room = seat.RoomSince ?? now;
        var work = desk.WorkSince ?? now;
        return now - (room > work ? room : work);
    }

    private static void Match(RosterStep step, string trainer, Dictionary<SweepId, int> onTheirWay)
    {
        var seat = step.Seat(trainer);
        if (seat is null || seat.Free(step.Roster.IsDrained(seat)) is not (> 0 and var free) || seat.IsSilent(step.Now.Since, step.Roster.LeaseTime))
        {
            return;
        }

        var claims = step.Roster.Desks.Values
            .Where(desk => desk.Ready > 0 && step.Roster.IsAsked(desk.Sweep) && !seat.Refused.ContainsKey(desk.Sweep) && CanCompute(step, trainer, desk))
            .Select(desk => ClaimOf(step, desk, seat, onTheirWay.GetValueOrDefault(desk.Sweep)))
            .Where(claim => claim.Most > 0)
            .ToArray();
        if (FairShare.Of(free, claims) is not [var (sweep, share), ..])
        {
            return;
        }

        // Sweeps that share a trainer's memory take turns: the first would else fill it alone.
        var slots = claims.Length > 1 && step.Desk(sweep)!.Needs.Requires.MemoryBytes > 0 ? 1 : share;
        seat = step.Seat(trainer)!;
        step.Put(seat with { Ordered = new(sweep, slots, step.Now.At) });
        onTheirWay[sweep] = onTheirWay.GetValueOrDefault(sweep) + slots;
        step.Do(new RosterEffect.Ask(
            sweep,
            new SweepCommand.AssignTrials(
                trainer, slots, seat.Card!.InstructionSet, seat.Card.Fingerprint ?? "", seat.Card.Fault, seat.Held.Keys.Count(key => key.Sweep == sweep) + slots,
                IllnessRules.Elsewhere(step, trainer, step.Desk(sweep)!)),
            trainer));
    }

    private static Dictionary<SweepId, int> OnTheirWay(Roster roster)
    {
        var trials = new Dictionary<SweepId, int>();
        foreach (var seat in roster.Seats.Values)
        {
            if (seat.Ordered is { } order)
            {
                trials[order.Sweep] = trials.GetValueOrDefault(order.Sweep) + order.Trials;
            }
        }

        return trials;
    }

    /// <summary>Trials that were asked for and are on their way through the journal count as if they ran.</summary>
    private static SlotClaim ClaimOf(RosterStep step, SweepDesk desk, Seat seat, int onTheirWay) => new(
        desk.Sweep, desk.State!.Priority, desk.State.Counts().AtWork + onTheirWay,
        Math.Min(desk.Ready - ForOthers(step, desk, seat.Name) - onTheirWay, Fit.Room(desk.Needs.Requires, seat.Card!, seat.MemoryTaken)));

    private static int ForOthers(RosterStep step, SweepDesk desk, string trainer) =>
        desk.State!.FailedOn.IsEmpty ? 0 : desk.State.ReadyForOthers(trainer, IllnessRules.Elsewhere(step, trainer, desk));

    /// <summary>A trainer that has not shown its fingerprint is asked for it once; it loads libtorch for that, which a sleep sweep never needs.</summary>
    private static bool CanCompute(RosterStep step, string trainer, SweepDesk desk)
    {
        var seat = step.Seat(trainer)!;
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
            step.Put(seat with { AskedForFingerprint = true });
            step.Tell(seat, new CoordinatorWord.ShowFingerprint(step.Roster.Term));
        }

        return false;
    }

    private static void NoteWaits(RosterStep step)
    {
        foreach (var seat in step.Roster.Seats.Values)
        {
            var since = seat.Presence == Presence.Here && !step.Roster.IsDrained(seat) && seat.Room > seat.Held.Count ? seat.RoomSince ?? step.Now.Since : (TimeSpan?)null;
            if (since != seat.RoomSince)
            {
                step.Put(seat with { RoomSince = since });
            }
        }

        foreach (var desk in step.Roster.Desks.Values)
        {
            var since = desk.Ready > 0 ? desk.WorkSince ?? step.Now.Since : (TimeSpan?)null;
            if (since != desk.WorkSince)
            {
                step.Put(desk with { WorkSince = since });
            }
        }
    }
}
