using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>A sweep that asks for free slots of one trainer.</summary>
/// <param name="Priority">A higher one is served first.</param>
/// <param name="Running">Its trials in trainers' hands, everywhere, those on their way included.</param>
/// <param name="Most">How many more it can use of this trainer: its pending trials, and what fits into the trainer's memory.</param>
public sealed record SlotClaim(SweepId Sweep, int Priority, int Running, int Most);

/// <summary>
/// Who gets slots that become free: sweeps of the highest priority, and among equals each time the one with the fewest trials under way. So a
/// small sweep that comes during a large one gets every free slot until it is level with it, and half of them from there on.
/// </summary>
public static class FairShare
{
    /// <summary>How many of the free slots each claim gets; those that get none are left out. In order of who was served first.</summary>
    public static IReadOnlyList<(SweepId Sweep, int Slots)> Of(int free, IEnumerable<SlotClaim> claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        var open = claims.Where(claim => claim.Most > 0).ToList();
        var served = new List<(SweepId Sweep, int Slots)>();
        for (; free > 0 && open.Count > 0; free--)
        {
            var at = 0;
            for (var other = 1; other < open.Count; other++)
            {
                at = IsBefore(open[other], open[at]) ? other : at;
            }

            var claim = open[at];
            var known = served.FindIndex(share => share.Sweep == claim.Sweep);
            if (known < 0)
            {
                served.Add((claim.Sweep, 1));
            }
            else
            {
                served[known] = (claim.Sweep, served[known].Slots + 1);
            }

            open[at] = claim with { Running = claim.Running + 1, Most = claim.Most - 1 };
            if (open[at].Most == 0)
            {
                open.RemoveAt(at);
            }
        }

        return served;
    }

    private static bool IsBefore(SlotClaim a, SlotClaim b) => a.Priority != b.Priority ? a.Priority > b.Priority
        : a.Running != b.Running ? a.Running < b.Running
        : a.Sweep.CompareTo(b.Sweep) < 0;
}
