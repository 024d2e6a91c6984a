using System.Collections.Immutable;
using System.Globalization;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Reporting.Report;

/// <summary>How claims that ask for seeds came to their verdicts: every look, with what it saw.</summary>
internal static class LooksTable
{
    public const string Title = "Looks";

    /// <returns>Null where no claim asks.</returns>
    public static ReportTable? Of(IEnumerable<JudgedClaim> claims)
    {
        var looked = claims.Select(claim => claim.Looks).OfType<ClaimLooks>().ToArray();
        return looked.Length == 0 ? null : new(
            Title,
            "These claims asked for seeds until they were decided. Each look has an interval of its own level; the levels of all looks that there could be add up to 5 %. The verdict is that of the look that decided it.",
            ["Claim", "Seeds", "Interval", "Ours", "Verdict"], [false, true, true, false, false],
            [.. looked.SelectMany(claim => claim.Looks.Select(look => Row(claim, look)).Concat(claim.Next is { } next ? [ToCome(claim, next)] : []))]);
    }

    /// <summary>In one line, for a terminal: <c>looks at 3, 5 seeds; the last decided it, with an interval of 99.28 %</c>.</summary>
    public static string InShort(ClaimLooks claim)
    {
        var looked = $"looks at {string.Join(", ", claim.Looks.Select(look => look.Planned.Seeds))} seeds";
        return claim.Next is { } next ? claim.Looks.IsEmpty ? $"its first look, at {next.Seeds} seeds, is to come" : $"{looked} decided nothing yet; the next is at {next.Seeds}"
            : claim.IsDecided ? $"{looked}; the last decided it, with an interval of {Level(claim.Looks[^1].Planned)}"
            : $"{looked}, and none decided it; the last has an interval of {Level(claim.Looks[^1].Planned)}";
    }

    private static ImmutableArray<string> Row(ClaimLooks claim, Look look) =>
    [
        claim.Claim.Name, Numbers.Count(look.Planned.Seeds), Level(look.Planned),
        string.Join("; ", look.Result.Parts.Select(part => (part.Label.Length > 0 ? part.Label + ": " : "") + ReportNumbers.Of(part.Estimate, claim.Claim.Seeds == OverSeeds.Every))),
        Word(look.Result.Verdict),
    ];

    private static ImmutableArray<string> ToCome(ClaimLooks claim, PlannedLook next) => [claim.Claim.Name, Numbers.Count(next.Seeds), Level(next), "–", "to come"];

    private static string Level(PlannedLook look) => ((1 - look.Level) * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Fails => "fails",
        _ => "undecided",
    };
}
