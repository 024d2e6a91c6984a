using System.Collections.Immutable;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Replicates;

/// <summary>A claim as one look saw it.</summary>
public sealed record Look(PlannedLook Planned, ClaimResult Result);

/// <summary>A claim, and what was seen of it so far.</summary>
/// <param name="Looks">In order; the last one decided it, or it is undecided.</param>
/// <param name="Next">The look that is to come; null where there is none.</param>
/// <param name="Configurations">Whose trials it is about, ascending.</param>
public sealed record ClaimLooks(Claim Claim, ImmutableArray<Look> Looks, PlannedLook? Next, ImmutableArray<int> Configurations)
{
    public bool IsDecided => Looks.Length > 0 && Looks[^1].Result.Verdict != Verdict.Undecided;

    /// <summary>Seeds that it needs: those of the look that is to come, else of the last one.</summary>
    public int Seeds => Next?.Seeds ?? Looks[^1].Planned.Seeds;

    /// <summary>
    /// Its p-value over all looks so far: each look's, times what its level is a share of, and of these the least (a weighted Bonferroni test). It is at most .05 where
    /// some look has decided it, and not otherwise. NaN where no look has one.
    /// </summary>
    public double P => Looks.Select(look => Math.Min(1, look.Result.P * Summary.UsualLevel / look.Planned.Level)).Where(p => !double.IsNaN(p)).DefaultIfEmpty(double.NaN).Min();
}
