using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>The coordinator's rules, with those broken that are to be.</summary>
internal static class Planted
{
    public static RosterDecision Decide(World world, Roster roster, RosterWord word, string node, Moment now)
    {
        var bugs = world.Bugs;
        if (bugs.Has(Bug.GapIsARepeat) && word is RosterWord.MeasuresTaken { Fate: BatchFate.Gap } gap)
        {
            word = gap with { Fate = BatchFate.Repeat };
        }

        if (bugs.Has(Bug.AnyAttemptEnds) && word is RosterWord.FromTrainer { Word: TrainerWord.ReportEnd end }
            && roster.Desks.GetValueOrDefault(end.Key.Sweep)?.State?.Running.GetValueOrDefault(end.Key.Cell) is { } other && other.Key != end.Key)
        {
            word = new RosterWord.FromTrainer(end with { Key = other.Key, Trainer = other.Trainer, Incarnation = roster.Seats[other.Trainer].Incarnation, Written = 0 });
        }

        if (bugs.Has(Bug.OrderNeverEnds) && word is RosterWord.SweepOpened)
        {
            var decided = RosterDecider.Decide(roster, word, node, now);
            return decided with
            {
                Roster = decided.Roster with
                {
                    Seats = decided.Roster.Seats.SetItems(roster.Seats.Values.Where(seat => seat.Ordered is not null && decided.Roster.Seats.ContainsKey(seat.Name))
                        .Select(seat => KeyValuePair.Create(seat.Name, decided.Roster.Seats[seat.Name] with { Ordered = seat.Ordered }))),
                },
            };
        }

        if (bugs.Has(Bug.OrderForgotten) && word is RosterWord.SweepChanged changed)
        {
            roster = roster with
            {
                Seats = roster.Seats.SetItems(roster.Seats.Values.Where(seat => seat.Ordered?.Sweep == changed.State.Submitted.Sweep)
                    .Select(seat => KeyValuePair.Create(seat.Name, seat with { Ordered = null }))),
            };
        }

        var decision = RosterDecider.Decide(roster, word, node, now);
        if (bugs.Has(Bug.OrderForgotten))
        {
            return decision with
            {
                Effects = [.. decision.Effects.Select(effect => effect is RosterEffect.Ask { Command: SweepCommand.AssignTrials order } ask
                    ? ask with { Command = order with { UpTo = null } } : effect)],
            };
        }

        if (bugs.Has(Bug.MachinesFaultIsTheTrials))
        {
            return decision with
            {
                Effects = [.. decision.Effects.Select(effect => effect is RosterEffect.Ask { Command: SweepCommand.ReportFailed failed } ask
                    ? ask with { Command = failed with { Fault = null } } : effect)],
            };
        }

        if (bugs.Has(Bug.FailedTrialWaitsForNobody))
        {
            return decision with
            {
                Effects = [.. decision.Effects.Select(effect => effect is RosterEffect.Ask { Command: SweepCommand.AssignTrials order } ask
                    ? ask with { Command = order with { Elsewhere = ["nobody"] } } : effect)],
            };
        }

        if (bugs.Has(Bug.RetryForgotten) && word is RosterWord.SweepOpened { State.IsOver: true } over)
        {
            var ended = new CoordinatorEvent.SweepEnded(over.State.Submitted.Sweep, now.At);
            return new(decision.Roster.Apply(ended), [.. decision.Effects, new RosterEffect.Write(ended, [])]);
        }

        if (bugs.Has(Bug.LookForgotten) && word is RosterWord.SweepOpened)
        {
            return decision with { Effects = [.. decision.Effects.Where(effect => effect is not RosterEffect.Look)] };
        }

        if (bugs.Has(Bug.TermHeldEverySecond) && word is RosterWord.Tick
            && roster.Seats.Values.Any(seat => seat.Held.Values.Any(lease => lease.Stage == LeaseStage.Preparing && lease.Until < now.Since)))
        {
            return decision with { Effects = [.. decision.Effects, new RosterEffect.Write(new CoordinatorEvent.TermHeld(roster.Term, node, now.At), [])] };
        }

        if (bugs.Has(Bug.NeverRevoked))
        {
            return decision with
            {
                Effects = [.. decision.Effects.Where(effect => effect is not (RosterEffect.Answer { Word: CoordinatorWord.TrialRevoked } or RosterEffect.Tell { Word: CoordinatorWord.TrialRevoked }))
                    .Select(effect => effect is RosterEffect.Answer { Word: CoordinatorWord.TrainerRegistered registered }
                        ? new RosterEffect.Answer(registered with { Revoked = [] }) : effect)],
            };
        }

        return decision;
    }
}
