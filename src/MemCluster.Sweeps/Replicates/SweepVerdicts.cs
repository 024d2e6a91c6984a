using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Replicates;

/// <summary>A claim as it stands.</summary>
/// <param name="Looks">How it came to that; null for a claim that is judged once.</param>
public sealed record JudgedClaim(ClaimResult Result, ClaimLooks? Looks);

/// <summary>
/// The verdicts of a sweep. Where claims ask for seeds, how many there are depends on what was found, and an interval over all of them that takes no notice of it would
/// err more than it says: a claim that asks has the verdict of the look that decided it, and one that does not is judged over the seeds that every configuration has.
/// </summary>
public static class SweepVerdicts
{
    /// <param name="groups">As in <see cref="TermValues"/>.</param>
    public static ImmutableArray<JudgedClaim> Of(SweepSpec spec, IEnumerable<Claim> claims, Observations observed, GroupMeasure? groups)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var asking = ReplicateRule.ClaimsOf(spec).Select(claim => claim.Name).ToHashSet();
        var values = new TermValues(spec, observed, groups, spec.Replicates is { } plan ? Math.Min(plan.AtLeast, spec.Seeds.Count) : null);
        return [.. claims.Select(claim => asking.Contains(claim.Name) ? Looked(ReplicateRule.Look(claim, spec, observed), spec, observed) : new(ClaimVerdicts.Of(claim, spec, values), null))];
    }

    /// <summary>While seeds of a look are to come it shows how things stand, and decides nothing.</summary>
    private static JudgedClaim Looked(ClaimLooks looks, SweepSpec spec, Observations observed)
    {
        var shown = looks.Next is { } next
            ? ClaimVerdicts.Of(looks.Claim, spec, new TermValues(spec, observed, seeds: next.Seeds, level: next.Level)) with { Verdict = Verdict.Undecided }
            : looks.Looks[^1].Result;
        return new(shown with { PAcrossLooks = looks.P }, looks);
    }
}
