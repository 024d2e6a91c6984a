using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>A claim at one value of an axis, or between two neighbours on one.</summary>
/// <param name="Label">Which; empty for a claim of a single number.</param>
/// <param name="Why">What the reader must know: why it is undecided, seeds that are missing; may be empty.</param>
public sealed record ClaimPart(string Label, Condition Condition, Estimate Estimate, Verdict Verdict, string Why)
{
    /// <summary>p-value of the condition not being met; NaN where there is none.</summary>
    public double PHolds => Estimate.Spread is { } found ? Condition.PHolds(found) : double.NaN;

    /// <summary>p-value of its being met.</summary>
    public double PFails => Estimate.Spread is { } found ? Condition.PFails(found) : double.NaN;
}

/// <param name="Verdict">Fails if a part fails, also when it is counted how many parts could have, else undecided if one is, else holds.</param>
public sealed record ClaimResult(Claim Claim, Verdict Verdict, ImmutableArray<ClaimPart> Parts)
{
    /// <summary>Of a claim that is looked at again and again: its p-value over all looks together, instead of that of the last one. Null where there is one look.</summary>
    public double? PAcrossLooks { get; init; }

    /// <summary>
    /// Two-sided p-value of the claim, towards the side that the results are on: that all parts hold is as sure as the least sure of them (an intersection–union test,
    /// Berger 1982), that one of m fails as the surest, m times (Bonferroni). NaN where a part has none, or is to come.
    /// </summary>
    public double P => PAcrossLooks ?? (Parts.IsEmpty || Parts.Any(part => double.IsNaN(part.PHolds) || part.Estimate.Pending > 0) ? double.NaN
        : Math.Min(Parts.Max(part => part.PHolds), Math.Min(1, Parts.Length * Parts.Min(part => part.PFails))));
}

/// <summary>Judges claims by what was observed. A mean without an interval decides nothing.</summary>
public static class ClaimVerdicts
{
    /// <summary>One that says 95 % is wrong so often.</summary>
    public const double Level = Statistics.Summary.UsualLevel;

    /// <summary>The usual reason for no verdict.</summary>
    public const string Spans = "the interval spans the threshold";

    public static ClaimResult Of(Claim claim, SweepSpec spec, TermValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var parts = ImmutableArray.CreateBuilder<ClaimPart>();
        for (var each = 0; each < (claim.Each?.Values.Length ?? 1); each++)
        {
            var at = values.Nowhere;
            var label = "";
            if (claim.Each is { } points)
            {
                at = at.SetItem(points.Axis, points.Values[each]);
                label = spec.Axes[points.Axis].Values[points.Values[each]];
            }

            parts.AddRange(Parts(claim, claim.ConditionAt(each), spec, values, at, label));
        }

        var verdict = parts.Any(part => Fails(part, parts.Count, values.Level)) ? Verdict.Fails
            : parts.Count > 0 && parts.All(part => part.Verdict == Verdict.Holds) ? Verdict.Holds
            : Verdict.Undecided;
        return new(claim, verdict, parts.ToImmutable());
    }

    /// <summary>Of many parts that lie on the threshold one fails by chance: each is given its share of what may go wrong.</summary>
    private static bool Fails(ClaimPart part, int parts, double level) => part.Verdict == Verdict.Fails && !(part.PFails * parts > level);

    private static IEnumerable<ClaimPart> Parts(
        Claim claim, Condition condition, SweepSpec spec, TermValues values, ImmutableArray<int> at, string label)
    {
        if (claim.Along is not { } along)
        {
            yield return Part(label, claim, condition, values.EstimateOf(claim.Seeds, claim.Value, at));
            yield break;
        }

        var names = spec.Axes[along.Axis].Values;
        for (var next = 1; next < along.Values.Length; next++)
        {
            var step = $"{names[along.Values[next - 1]]} → {names[along.Values[next]]}";
            yield return Part(label.Length > 0 ? $"{label}: {step}" : step, claim, condition, values.EstimateOf(
                claim.Seeds, claim.Value, at.SetItem(along.Axis, along.Values[next]), at.SetItem(along.Axis, along.Values[next - 1])));
        }
    }

    private static ClaimPart Part(string label, Claim claim, Condition condition, Estimate estimate)
    {
        if (claim.Value.HasGroup)
        {
            return OfGroup(label, condition, estimate);
        }

        estimate = claim.Along is null && Limits(claim.Value) is var (least, most) ? estimate.Within(least, most) : estimate;
        var verdict = condition.Of(estimate.Low, estimate.High);
        if (estimate.Pending > 0 || estimate.Count == 0)
        {
            verdict = Verdict.Undecided; // Of those that ended first one cannot say that they are like the rest.
        }

        return new(label, condition, estimate, verdict, WhyOf(claim.Seeds, verdict, estimate));
    }

    /// <summary>What a term can't lie outside of: a correlation, a share.</summary>
    internal static (double Least, double Most)? Limits(Term term) => term switch
    {
        Term.Across { Take: Take.Spearman } => (-1, 1),
        Term.Leaf leaf when MeasureNames.IsShare(leaf.Measure.Measure) && !Observations.IsTime(leaf.Measure) => (0, 1),
        _ => null,
    };

    private static ClaimPart OfGroup(string label, Condition condition, Estimate found) =>
        found.Count == 0 ? new(label, condition, found, Verdict.Undecided, WhyAbsent(found.Missing))
        : double.IsNaN(found.Low) ? new(label, condition, found, Verdict.Undecided, "one seed has no interval")
        : found.IsTest ? OfTest(label, condition, found)
        : new(label, condition, found, condition.Of(found.Low, found.High), "");

    /// <summary>That chance was not found wanting is no proof that it is chance: a large p-value decides nothing.</summary>
    private static ClaimPart OfTest(string label, Condition condition, Estimate estimate)
    {
        var bound = double.IsPositiveInfinity(condition.High) ? condition.Low : condition.High;
        return estimate.Value < bound
            ? new(label, condition, estimate, double.IsPositiveInfinity(condition.High) ? Verdict.Fails : Verdict.Holds, "")
            : new(label, condition, estimate, Verdict.Undecided, "a p-value that is not small shows nothing; ask for a number within a margin instead");
    }

    private static string WhyAbsent(Missing why) => why switch
    {
        Missing.NotDefined => "it is not defined for these trials",
        Missing.Nan => "what it is computed from came out NaN",
        Missing.Infinite => "what it is computed from is infinite",
        Missing.OtherExamples => "each seed has examples of its own (data.seed is per-seed), and it is of examples that all trials have",
        _ => "what it needs of the trials is not there",
    };

    private static string WhyOf(OverSeeds how, Verdict verdict, Estimate estimate)
    {
        var said = new List<string>();
        if (estimate.Pending > 0)
        {
            said.Add($"{estimate.Pending} of {estimate.Count + estimate.Pending + estimate.Without} seeds still to come");
        }

        if (estimate.Without > 0)
        {
            said.Add((estimate.Count == 0 ? "no trial gave a value" : $"{estimate.Without} of {estimate.Count + estimate.Pending + estimate.Without} seeds without a value")
                + (estimate.Absent.Length > 0 ? $" ({estimate.Absent})" : ""));
        }

        if (estimate.Censored > 0)
        {
            said.Add(verdict == Verdict.Undecided
                ? $"censored in {estimate.Censored} of {estimate.Count} seeds, and what is known of them does not decide it"
                : $"censored in {estimate.Censored} of {estimate.Count} seeds; decided by the bounds that are known");
        }
        else if (verdict == Verdict.Undecided && estimate.Count > 0 && estimate.Pending == 0)
        {
            said.Add(estimate.Count == 1 ? "one seed has no interval"
                : how is OverSeeds.Median or OverSeeds.Bootstrap && estimate.Count < Estimate.LeastToResample ? $"a bootstrap needs {Estimate.LeastToResample} seeds"
                : double.IsNaN(estimate.Low) ? "not every value is above 0, so there is no geometric mean"
                : Spans);
        }

        return string.Join("; ", said);
    }
}
