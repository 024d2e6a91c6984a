namespace MemCluster.Sweeps.Claims;

/// <summary>How probable each verdict is.</summary>
/// <param name="Holds">0 to 1.</param>
/// <param name="Fails">0 to 1.</param>
public readonly record struct Prospect(double Holds, double Fails)
{
    public double Undecided => Math.Max(0, 1 - Holds - Fails);
}

/// <summary>What the seeds seen say of how a claim will be decided with more of them.</summary>
/// <param name="Seen">Seeds that have all numbers of the claim.</param>
/// <param name="Asked">With the number of seeds asked for, averaged over what the seeds seen leave open; NaN where it can't be told.</param>
/// <param name="AsSeen">
/// The least number of seeds with which a verdict has a probability of <see cref="ClaimPowers.Wanted"/>, if means and spread are truly as seen (Cohen 1988);
/// null where <see cref="ClaimPowers.Most"/> are not enough.
/// </param>
/// <param name="Averaged">
/// The same, averaged over what the seeds seen leave open (O'Hagan et al. 2005); likewise. As a rule more; less where what was seen lies on the threshold.
/// </param>
/// <param name="IsNever">Means and spread as seen, no number of seeds is enough, as where one further seed may lie on either side.</param>
/// <param name="LeastSure">Label of the part that most often keeps the claim undecided; empty for a claim of one.</param>
/// <param name="Why">Why it can't be told; empty where it can.</param>
public sealed record ClaimPower(int Seen, Prospect Asked, int? AsSeen, int? Averaged, bool IsNever, string LeastSure, string Why)
{
    internal static ClaimPower Unknown(int seen, string why) => new(seen, new(double.NaN, double.NaN), null, null, false, "", why);
}
