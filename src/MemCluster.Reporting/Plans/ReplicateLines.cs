using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Reporting.Plans;

/// <summary>What a sweep whose claims ask for seeds may come to.</summary>
internal static class ReplicateLines
{
    /// <returns>Nothing where they don't ask.</returns>
    public static IEnumerable<Line> Of(SweepPlan plan)
    {
        if (plan.Spec.Replicates is not { } replicates)
        {
            yield break;
        }

        var looks = LookPlan.Of(replicates);
        yield return Line.Fit(
            $"  asks for seeds until decided: at least {Numbers.Count(plan.LeastTrials, "trial", "trials")}, at most {Numbers.Count(plan.Trials)}; looks at {string.Join(", ", looks.Select(look => look.Seeds))} seeds",
            Line.Width);
        var asking = ReplicateRule.ClaimsOf(plan.Spec);
        yield return Line.Fit($"  {Numbers.Count(asking.Length, "claim asks", "claims ask")}: {string.Join(", ", asking.Select(claim => claim.Name))}", Line.Width);
        foreach (var claim in SweepClaims.Of(plan.Spec).Claims.Where(claim => ReplicateRule.WhyNot(claim) is not null))
        {
            yield return Line.Fit($"  {claim.Name} does not ask, and is judged over {replicates.AtLeast} seeds: {ReplicateRule.WhyNot(claim)}", Line.Width);
        }
    }
}
