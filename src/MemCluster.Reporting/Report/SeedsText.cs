using MemCluster.Messages;

namespace MemCluster.Reporting.Report;

/// <summary>How many seeds a sweep's numbers are over, in words.</summary>
internal static class SeedsText
{
    /// <summary><c>3 seeds</c>; where claims ask for them, <c>3 to 40 seeds, as many as claims asked for</c>.</summary>
    public static string Of(SweepSpec spec) => spec.Replicates is { } plan && plan.AtLeast < spec.Seeds.Count
        ? $"{Numbers.Count(plan.AtLeast)} to {Numbers.Count(spec.Seeds.Count)} seeds, as many as claims asked for,"
        : Numbers.Count(spec.Seeds.Count, "seed", "seeds");
}
