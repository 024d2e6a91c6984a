using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What goes on right now, for people: memory only, nothing of it is written down.</summary>
public static class FleetView
{
    public static ILookup<SweepId, RunningTrial> Running(Roster roster)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return roster.Seats.Values
            .Where(seat => seat.IsTaken)
            .SelectMany(seat => seat.Held.Values, (seat, lease) => (lease.Key.Sweep, Running: lease.ToRunning(seat.Name)))
            .OrderBy(entry => entry.Running.Trial)
            .ToLookup(entry => entry.Sweep, entry => entry.Running);
    }

    public static IReadOnlyList<TrainerStatus> Trainers(Roster roster)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return [.. roster.Seats.Values.Where(seat => seat.IsTaken).Select(seat => seat.ToStatus(roster.IsDrained(seat)))];
    }

    /// <summary>By sweep: why pending trials are not handed out; absent when they are.</summary>
    public static IReadOnlyDictionary<SweepId, string> Waiting(Roster roster)
    {
        ArgumentNullException.ThrowIfNull(roster);
        return roster.Desks.Values
            .Select(desk => (desk.Sweep, Why: WhyWaiting(roster, desk)))
            .Where(entry => entry.Why.Length > 0)
            .ToDictionary(entry => entry.Sweep, entry => entry.Why);
    }

    private static string WhyWaiting(Roster roster, SweepDesk desk)
    {
        if (desk is { Stage: DeskStage.Opening } or { MetricsOpen: false })
        {
            return "its journal is being read";
        }

        if (desk.State?.Counts() is not { Pending: > 0 } counts)
        {
            return "";
        }

        if (desk.State.Hold is var hold && hold != Holds.None)
        {
            return $"it is {hold}; go on with: memcluster resume {desk.Sweep}";
        }

        if (!roster.IsAsked(desk.Sweep))
        {
            return $"this run is of other sweeps; when it is over: memcluster resume {desk.Sweep}";
        }

        if (desk.Problem is null && desk.State.Shape.Asks && counts.Ready == 0)
        {
            return desk.State.AwaitsLook ? "its claims are being looked at" : "";
        }

        if (desk.Problem is null && counts is { Ready: 0, Waiting: var waiting and > 0 })
        {
            return $"{Numbers(waiting, "trial waits for its scores", "trials wait for their scores")}, computed by {Numbers(counts.Scores!.AtWork, "trial", "trials")} under way";
        }

        return desk.Problem ?? WhyNobody.Of(desk.Needs,
        [
            .. roster.Seats.Values.Where(seat => seat.IsTaken && seat.Presence != Presence.Leaving)
                .Select(seat => new TrainerOffer(seat.Name, seat.Card!, HindranceOf(roster, seat, desk.Sweep))),
        ]);
    }

    /// <summary>What keeps a trainer from working on the sweep, whatever it offers.</summary>
    private static Hindrance? HindranceOf(Roster roster, Seat seat, SweepId sweep) =>
        seat.Refused.TryGetValue(sweep, out var why) ? new Hindrance.Refused(why)
        : roster.IsDrained(seat) ? new Hindrance.Drained()
        : seat.Presence == Presence.Unreachable ? new Hindrance.Unreachable()
        : seat.Illness.IsAside ? new Hindrance.Refused($"{seat.Name} is {seat.ToStatus(drained: false).State}")
        : null;

    private static string Numbers(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
