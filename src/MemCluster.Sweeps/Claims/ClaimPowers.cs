using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Sweeps.Claims;

/// <summary>
/// How many seeds a claim would take: samples of more seeds are drawn (<see cref="FutureSamples"/>) by what those seen have in common and how they differ, with
/// all numbers of the claim at once, as they come from the same seeds; and each is judged by the rules of <see cref="ClaimVerdicts"/>.
/// </summary>
public static class ClaimPowers
{
    /// <summary>The usual power of a study (Cohen 1988).</summary>
    public const double Wanted = 0.8;

    /// <summary>No more seeds than that are looked at.</summary>
    public const int Most = 1000;

    /// <summary>As good as any number of them.</summary>
    private const int Endless = 1_000_000;

    /// <summary>Samples for a probability that is told: right to .01 in two of three.</summary>
    private const int Draws = 4000;

    /// <summary>Samples for one that is only compared with <see cref="Wanted"/>: the number of seeds then is right to about 3 %.</summary>
    private const int DrawsOnTheWay = 1000;

    /// <summary>For each claim of a sweep, by a pilot.</summary>
    public static IReadOnlyList<(Claim Claim, ClaimPower Power)> Of(SweepSpec spec, IEnumerable<Claim> claims, PilotSeeds? pilot)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (pilot is null)
        {
            return [.. claims.Select(claim => (claim, ClaimPower.Unknown(0, NoSeeds)))];
        }

        var values = new TermValues(pilot.Spec, pilot.Observed);
        return [.. claims.Select(claim => (claim, Of(ClaimVerdicts.Of(claim, pilot.Spec, values), spec.Seeds.Count, pilot.Known)))];
    }

    /// <summary>Where there is nothing to tell from.</summary>
    public const string NoSeeds = "no seed has all of its numbers";

    /// <summary>Where there is nothing to tell a spread from.</summary>
    public const string OneSeed = "one seed shows no spread";

    /// <param name="seen">The claim, judged by the seeds there are.</param>
    /// <param name="asked">Seeds for which the verdicts' probabilities are told.</param>
    /// <param name="known">How many of the seeds seen, from the first on, are among those asked for: their numbers come out the same.</param>
    /// <param name="level">As of the verdicts.</param>
    public static ClaimPower Of(ClaimResult seen, int asked, int known = int.MaxValue, double level = ClaimVerdicts.Level)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var rules = new PowerRules(seen, level);
        var rows = rules.Rows();
        if (WhyNot(seen, rules, rows.Length) is { Length: > 0 } why)
        {
            return ClaimPower.Unknown(rows.Length, why);
        }

        var samples = new FutureSamples([.. rows.Select(row => row.Numbers)], rules.LeastDeviations);
        if (samples.IsConstant)
        {
            return ClaimPower.Unknown(rows.Length, "the seeds show no spread");
        }

        var among = rows.Count(row => row.Seed < known);
        Prospect At(int size, bool isAsSeen, int draws, int[]? open = null) => rules.Prospect(samples, size, Math.Min(size, among), isAsSeen, draws, open);
        var least = Math.Max(2, among);
        var (asSeen, averaged) = (Least(least, size => At(size, true, DrawsOnTheWay)), Least(least, size => At(size, false, DrawsOnTheWay)));
        var open = new int[seen.Parts.Length];
        At(averaged ?? Most, isAsSeen: false, DrawsOnTheWay, open);
        return new(
            rows.Length, asked < 2 ? new(0, 0) : At(asked, isAsSeen: false, Draws), asSeen, averaged,
            asSeen is null && 1 - At(Endless, true, DrawsOnTheWay).Undecided < Wanted,
            open.Length > 1 && open.Max() > 0 ? seen.Parts[Array.IndexOf(open, open.Max())].Label : "", "");
    }

    private static string WhyNot(ClaimResult seen, PowerRules rules, int rows) =>
        seen.Parts.Any(part => part.Estimate.IsTest) ? "it is a p-value"
        : seen.Claim.Value.HasGroup && !rules.IsOfSeeds ? "it is over examples, or a curve"
        : seen.Parts.Any(part => part.Estimate.Censored > 0) ? "censored"
        : seen.Claim.Seeds is OverSeeds.Median or OverSeeds.Bootstrap ? "its interval is a bootstrap's"
        : rules.LacksLogarithms ? "not every value is above 0"
        : rows == 1 || (!seen.Claim.Value.HasGroup && seen.Parts.Any(part => part.Estimate.Count == 1)) ? OneSeed
        : rows == 0 || !rules.IsOfSeeds ? NoSeeds
        : "";

    /// <summary>More seeds decide more: so by doubling, then halving what is between.</summary>
    /// <returns>Null where <see cref="Most"/> are not enough.</returns>
    private static int? Least(int from, Func<int, Prospect> at)
    {
        bool Suffice(int size) => 1 - at(size).Undecided >= Wanted;
        var (few, enough) = (from - 1, from);
        while (!Suffice(enough))
        {
            if (enough >= Most)
            {
                return null;
            }

            (few, enough) = (enough, Math.Min(Most, 2 * enough));
        }

        while (enough - few > 1)
        {
            var middle = (few + enough) / 2;
            (few, enough) = Suffice(middle) ? (few, middle) : (middle, enough);
        }

        return enough;
    }
}
