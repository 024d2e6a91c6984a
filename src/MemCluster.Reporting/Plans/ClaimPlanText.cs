using MemCluster.Messages;
using MemCluster.Reporting.Tables;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Plans;

/// <summary>How probable each claim's verdict is with the seeds of a plan, as lines of at most 100 columns.</summary>
public static class ClaimPlanText
{
    private static readonly string[] Head = ["claim", "holds", "fails", "undecided", "seeds for 80 %", "if as seen", "takes most"];

    /// <param name="pilot">What it is told from; null: nothing.</param>
    /// <returns>No lines for a sweep without claims.</returns>
    public static IReadOnlyList<Line> Lines(SweepSpec spec, IReadOnlyList<(Claim Claim, ClaimPower Power)> claims, PilotSeeds? pilot)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(claims);
        if (pilot is null || claims.All(claim => IsWithout(claim.Power)))
        {
            return [];
        }

        var from = $"{Numbers.Count(pilot.Spec.Seeds.Count, "seed", "seeds")} of {string.Join(", ", pilot.From.Select(sweep => sweep.Name))}";
        var known = pilot.Known == 0 ? ""
            : pilot.Known < pilot.Spec.Seeds.Count ? $", {Numbers.Count(pilot.Known)} of them among these"
            : pilot.Known == 1 ? ", which is among these" : ", which are among these";
        string[][] rows = [Head, .. claims.Select(claim => RowOf(claim.Claim, claim.Power))];
        return
        [
            Line.Fit($"  With {Numbers.Count(spec.Seeds.Count, "seed", "seeds")}, by {from}{known}:", Line.Width),
            .. TextTable.Of(rows, [false, true, true, true, true, true, false], indent: 2)
                .Select((row, place) => new Line(row, place == 0 ? Tone.Faint : Tone.Plain)),
            new("  Averaged over what these seeds leave open; \"if as seen\": if means and spread are truly those seen.", Tone.Faint),
        ];
    }

    /// <summary>Some claim could be told of, if there were trials.</summary>
    public static bool WantsPilot(IReadOnlyList<(Claim Claim, ClaimPower Power)> claims) =>
        claims.Any(claim => claim.Claim.Value.Measures.Any() && (IsWithout(claim.Power) || claim.Power.Why == ClaimPowers.OneSeed));

    private static bool IsWithout(ClaimPower power) => power.Why == ClaimPowers.NoSeeds;

    private static string[] RowOf(Claim claim, ClaimPower power) => power.Why.Length > 0
        ? [claim.Name, "–", "–", "–", "–", "–", IsWithout(power) ? "no pilot" : power.Why]
        :
        [
            claim.Name, Percent(power.Asked.Holds), Percent(power.Asked.Fails), Percent(power.Asked.Undecided),
            Short(PowerText.Averaged(power)), Short(PowerText.AsSeen(power)), power.LeastSure,
        ];

    private static string Short(string number) => number.Replace("more than", ">", StringComparison.Ordinal);

    private static string Percent(double share) => $"{Math.Round(100 * share):0} %";
}
