using System.Globalization;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

// What is going on right now: memory only, nothing of it is written down.
public sealed partial class CoordinatorActor
{
    private LiveAnswer Live() => new(
        _term,
        _seats.Values
            .Where(seat => seat.Trainer is not null)
            .SelectMany(seat => seat.Held.Values, (seat, hold) => (hold.Key.Sweep, Running: hold.ToRunning(seat.Name)))
            .OrderBy(entry => entry.Running.Trial)
            .ToLookup(entry => entry.Sweep, entry => entry.Running),
        _desks.Values.ToDictionary(desk => desk.Sweep, desk => desk.Pace.PerSecond(Now)),
        _desks.Values
            .Select(desk => (desk.Sweep, Why: WhyWaiting(desk)))
            .Where(entry => entry.Why.Length > 0)
            .ToDictionary(entry => entry.Sweep, entry => entry.Why),
        [.. _seats.Values.Where(seat => seat.Trainer is not null).OrderBy(seat => seat.Name, StringComparer.Ordinal).Select(seat => seat.ToStatus())]);

    private string WhyWaiting(SweepDesk desk)
    {
        if (desk.Counts is not { Pending: > 0 })
        {
            return "";
        }

        if (desk.Hold != Holds.None)
        {
            return $"it is {desk.Hold}; go on with: memcluster resume {desk.Sweep}";
        }

        if (!IsAsked(desk))
        {
            return $"this run is of other sweeps; when it is over: memcluster resume {desk.Sweep}";
        }

        if (desk is { VersionProblem: null, Counts: { Ready: 0, Waiting: var waiting and > 0 } })
        {
            return $"{Numbers(waiting, "trial waits for its scores", "trials wait for their scores")}, computed by {Numbers(desk.Counts.Scores!.AtWork, "trial", "trials")} under way";
        }

        return desk.VersionProblem ?? WhyNobody.Of(desk.Needs,
        [
            .. _seats.Values.Where(seat => seat.Trainer is not null && !seat.Leaving)
                .Select(seat => new TrainerOffer(seat.Name, seat.Card!, seat.HindranceFor(desk.Sweep))),
        ]);
    }

    private static string Numbers(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
