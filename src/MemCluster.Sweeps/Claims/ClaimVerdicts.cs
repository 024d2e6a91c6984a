using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>A claim at one value of an axis, or between two neighbours on one.</summary>
/// <param name="Label">Which; empty for a claim of a single number.</param>
/// <param name="Why">What the reader must know: why it is undecided, seeds that are missing; may be empty.</param>
public sealed record ClaimPart(string Label, Condition Condition, Estimate Estimate, Verdict Verdict, string Why);

/// <param name="Verdict">Fails if a part fails, else undecided if one is, else holds.</param>
public sealed record ClaimResult(Claim Claim, Verdict Verdict, ImmutableArray<ClaimPart> Parts);

/// <summary>Judges claims by what was observed. A mean without an interval decides nothing.</summary>
public static class ClaimVerdicts
{
    /// <summary>The usual reason for no verdict.</summary>
    public const string Spans = "the interval spans the threshold";

    public static ClaimResult Of(Claim claim, SweepSpec spec, TermValues values)
    {
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

        var verdict = parts.Any(part => part.Verdict == Verdict.Fails) ? Verdict.Fails
            : parts.Count == 0 || parts.Any(part => part.Verdict == Verdict.Undecided) ? Verdict.Undecided
            : Verdict.Holds;
        return new(claim, verdict, parts.ToImmutable());
    }

    private static IEnumerable<ClaimPart> Parts(
        Claim claim, Condition condition, SweepSpec spec, TermValues values, ImmutableArray<int> at, string label)
    {
        if (claim.Along is not { } along)
        {
            yield return Part(label, claim, condition, values.Of(claim.Value, at));
            yield break;
        }

        var names = spec.Axes[along.Axis].Values;
        var before = values.Of(claim.Value, at.SetItem(along.Axis, along.Values[0]));
        for (var next = 1; next < along.Values.Length; next++)
        {
            var after = values.Of(claim.Value, at.SetItem(along.Axis, along.Values[next]));
            var step = $"{names[along.Values[next - 1]]} → {names[along.Values[next]]}";
            yield return Part(label.Length > 0 ? $"{label}: {step}" : step, claim, condition, [.. after.Zip(before, (a, b) => a - b)]);
            before = after;
        }
    }

    private static ClaimPart Part(string label, Claim claim, Condition condition, IReadOnlyList<Quantity> seeds)
    {
        if (claim.Value.HasGroup)
        {
            return OfGroup(label, condition, seeds[0]);
        }

        var estimate = Estimate.Of(claim.Seeds, seeds);
        estimate = claim is { Value: Term.Across { Take: Take.Spearman }, Along: null } ? estimate.Within(-1, 1) : estimate;
        var verdict = claim.Seeds == OverSeeds.Every ? OfEvery(condition, seeds) : condition.Of(estimate.Low, estimate.High);
        if (estimate.Pending > 0 || estimate.Count == 0)
        {
            verdict = Verdict.Undecided; // Of those that ended first one cannot say that they are like the rest.
        }

        return new(label, condition, estimate, verdict, WhyOf(claim.Seeds, verdict, estimate));
    }

    private static ClaimPart OfGroup(string label, Condition condition, Quantity found)
    {
        var estimate = Estimate.OfGroup(found);
        return !found.IsThere ? new(label, condition, estimate, Verdict.Undecided, WhyAbsent(found.Missing))
            : double.IsNaN(found.Low) ? new(label, condition, estimate, Verdict.Undecided, "one seed has no interval")
            : new(label, condition, estimate, condition.Of(found.Low, found.High), "");
    }

    private static string WhyAbsent(Missing why) => why switch
    {
        Missing.NotDefined => "it is not defined for these trials",
        Missing.Nan => "what it is computed from came out NaN",
        Missing.Infinite => "what it is computed from is infinite",
        Missing.OtherExamples => "each seed has examples of its own (data.seed is per-seed), and it is of examples that all trials have",
        _ => "what it needs of the trials is not there",
    };

    private static Verdict OfEvery(Condition condition, IReadOnlyList<Quantity> seeds)
    {
        var verdicts = seeds.Where(seed => seed.IsThere).Select(seed => condition.Of(seed.Low, seed.High)).ToArray();
        return verdicts.Contains(Verdict.Fails) ? Verdict.Fails : verdicts.Contains(Verdict.Undecided) ? Verdict.Undecided : Verdict.Holds;
    }

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
