using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Sweeps.Replicates;

/// <summary>When a claim is looked at, and with what interval.</summary>
/// <param name="Seeds">The first so many of the spec's list.</param>
/// <param name="Level">How often the interval of this look may miss: its share of <see cref="Summary.UsualLevel"/>.</param>
public readonly record struct PlannedLook(int Seeds, double Level);

/// <summary>
/// The looks of a sweep whose claims ask for seeds: fixed by the spec before anything runs, each over half as many seeds more than the one before, so that a claim of
/// any size is looked at often enough and the looks are few.
/// </summary>
public static class LookPlan
{
    /// <summary>
    /// ρ of the spending function. By simulation (docs/decisions/0029): 1 finds an effect of half a standard deviation less often, 2 takes more seeds for all that is
    /// easily seen.
    /// </summary>
    public const double Power = 1.5;

    private const double Growth = 1.5;

    /// <summary>A last look with hardly more seeds than the one before it costs level and says nothing new.</summary>
    private const double LeastGrowth = 1.25;

    public static ImmutableArray<PlannedLook> Of(ReplicatePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var counts = new List<int> { Math.Min(plan.AtLeast, plan.AtMost) };
        while (counts[^1] < plan.AtMost)
        {
            var next = (int)Math.Ceiling(counts[^1] * Growth);
            counts.Add(next * LeastGrowth > plan.AtMost ? plan.AtMost : next);
        }

        return [.. counts.Zip(AlphaSpending.Increments(counts, Summary.UsualLevel, Power), (seeds, level) => new PlannedLook(seeds, level))];
    }
}
