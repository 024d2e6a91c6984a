using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting;

/// <summary>How many seeds a claim would take, for people.</summary>
public static class PowerText
{
    /// <summary>What the numbers mean.</summary>
    public static string Meaning =>
        "So many seeds, those there are counted in, would decide it with a probability of 80 %: averaged over what these leave open, and if means and spread are as seen.";

    /// <summary><c>38 seeds would decide it (12 if means and spread are as seen); label 0.4 takes most</c>, or why that can't be told.</summary>
    public static string Sentence(ClaimPower power)
    {
        ArgumentNullException.ThrowIfNull(power);
        if (power.Why.Length > 0)
        {
            return $"how many seeds would decide it can't be told: {power.Why}";
        }

        var (averaged, asSeen) = (Averaged(power), AsSeen(power));
        var seen = averaged == asSeen ? "" : $" ({asSeen}{(power.IsNever ? " number of them" : "")} if means and spread are as seen)";
        return $"{averaged} seeds would decide it{seen}{(power.LeastSure.Length > 0 ? $"; {power.LeastSure} takes most" : "")}";
    }

    /// <summary>Averaged over what the seeds seen leave open: <c>38</c>, <c>more than 1,000</c>; a dash where it can't be told.</summary>
    public static string Averaged(ClaimPower power)
    {
        ArgumentNullException.ThrowIfNull(power);
        return power.Why.Length > 0 ? "–" : Of(power.Averaged);
    }

    /// <summary>If means and spread are as seen: <c>12</c>, <c>more than 1,000</c>, <c>no</c> where no number is enough; a dash where it can't be told.</summary>
    public static string AsSeen(ClaimPower power)
    {
        ArgumentNullException.ThrowIfNull(power);
        return power.Why.Length > 0 ? "–" : power.IsNever ? "no" : Of(power.AsSeen);
    }

    private static string Of(int? seeds) => seeds is { } some ? Numbers.Count(some) : $"more than {Numbers.Count(ClaimPowers.Most)}";
}
