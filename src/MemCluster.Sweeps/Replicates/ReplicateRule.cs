using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Replicates;

/// <summary>
/// Which seeds a sweep's claims ask for, as a pure function of the spec and of how its trials ended. A claim is looked at over the first n seeds of all its
/// configurations, n as <see cref="LookPlan"/> says, when all of these trials have ended, and asks for those of the next look while it is undecided. So it matters neither
/// in which order trials end nor what others have asked for, and there is nothing to be remembered: asked again it says the same.
/// </summary>
public static class ReplicateRule
{
    /// <summary>Claims of the sweep that ask for seeds, in the order of the file.</summary>
    public static ImmutableArray<Claim> ClaimsOf(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Replicates is { } plan
            ? [.. SweepClaims.Of(spec).Claims.Where(claim => (plan.Names.Count == 0 || plan.Names.Contains(claim.Name)) && WhyNot(claim) is null)]
            : [];
    }

    /// <summary>Why a claim can't ask for seeds, half a sentence; null if it can.</summary>
    public static string? WhyNot(Claim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return claim.Value.HasGroup ? "it is over the trials of all seeds together, and not over seeds"
            : claim.Seeds is OverSeeds.Median or OverSeeds.Bootstrap ? "a bootstrap of few seeds has no tails as thin as a look needs"
            : null;
    }

    /// <summary>The numbers that it needs of each trial.</summary>
    public static IEnumerable<MeasureRef> MeasuresOf(SweepSpec spec) => ClaimsOf(spec).SelectMany(claim => claim.Value.Measures).Distinct();

    /// <param name="spec">With <see cref="SweepSpec.Replicates"/>.</param>
    /// <param name="observed">With the measures of its claims.</param>
    public static ImmutableArray<ClaimLooks> Look(SweepSpec spec, Observations observed) => [.. ClaimsOf(spec).Select(claim => Look(claim, spec, observed))];

    public static ClaimLooks Look(Claim claim, SweepSpec spec, Observations observed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(observed);
        var configurations = ConfigurationsOf(claim, spec, observed);
        var looks = ImmutableArray.CreateBuilder<Look>();
        foreach (var planned in LookPlan.Of(spec.Replicates!))
        {
            if (!configurations.All(configuration => Enumerable.Range(configuration * spec.Seeds.Count, planned.Seeds).All(observed.HasEnded)))
            {
                return new(claim, looks.ToImmutable(), planned, configurations);
            }

            var result = ClaimVerdicts.Of(claim, spec, new TermValues(spec, observed, seeds: planned.Seeds, level: planned.Level));
            looks.Add(new(planned, result));
            if (result.Verdict != Verdict.Undecided)
            {
                break;
            }
        }

        return new(claim, looks.ToImmutable(), null, configurations);
    }

    /// <summary>Seeds that are wanted of each configuration, in order: what its claims want, and what every one gets.</summary>
    public static int[] Wanted(SweepSpec spec, IEnumerable<ClaimLooks> claims)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(claims);
        var wanted = new int[spec.Axes.Aggregate(1, (product, axis) => product * axis.Values.Length)];
        wanted.AsSpan().Fill(Math.Min(spec.Replicates!.AtLeast, spec.Seeds.Count));
        foreach (var claim in claims)
        {
            foreach (var configuration in claim.Configurations)
            {
                wanted[configuration] = Math.Max(wanted[configuration], claim.Seeds);
            }
        }

        return wanted;
    }

    private static ImmutableArray<int> ConfigurationsOf(Claim claim, SweepSpec spec, Observations observed)
    {
        var values = new TermValues(spec, observed);
        IEnumerable<ImmutableArray<int>> places = [values.Nowhere];
        foreach (var points in new[] { claim.Each, claim.Along }.OfType<Points>())
        {
            places = [.. places.SelectMany(at => points.Values.Select(place => at.SetItem(points.Axis, place)))];
        }

        return [.. places.SelectMany(at => values.ConfigurationsOf(claim.Value, at)).Distinct().Order()];
    }
}
