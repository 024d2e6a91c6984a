using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>Terms in words, for the table of verdicts.</summary>
public static class ClaimText
{
    /// <summary>The statistic of a claim: <c>validation_accuracy_best − validation_accuracy_last (label 0.2), mean over seeds</c>.</summary>
    public static string Of(Claim claim, SweepSpec spec)
    {
        var seeds = claim.Value.HasGroup ? "all seeds together" : claim.Seeds switch
        {
            OverSeeds.Mean => "mean over seeds",
            OverSeeds.GeometricMean => "geometric mean over seeds",
            OverSeeds.Median => "median over seeds",
            OverSeeds.Bootstrap => "mean over seeds, bootstrap",
            _ => "in any further seed",
        };
        var along = claim.Along is { } run ? $", along {spec.Axes[run.Axis].Name}" : "";
        var each = claim.Each is { } points ? $", at each {spec.Axes[points.Axis].Name}" : "";
        return $"{Of(claim.Value, spec)}{along}{each}; {seeds}";
    }

    public static string Of(Term term, SweepSpec spec) => term switch
    {
        Term.Constant constant => ShortNumber.Write(constant.Value),
        Term.Leaf leaf => leaf.Measure + Selection(leaf.Places, spec),
        Term.Group { Through: { } through } group when EnsembleMeasure.Find(group.Name) is not null => $"{group.Name} over {KindsOf(through, spec)}{Selection(group.Places, spec)}",
        Term.Group { Through: { } through } group => $"{group.Name} along {spec.Axes[through.Axis].Name}{Selection(group.Places, spec)}",
        Term.Group group => group.Name + (CurveMeasures.Is(group.Name) ? " along the epochs" : "") + Selection(group.Places, spec),
        // What both sides share is said once.
        Term.Difference { First: Term.Leaf a, Second: Term.Leaf b } => Pair(a, "−", b, spec),
        Term.Ratio { Above: Term.Leaf a, Below: Term.Leaf b } => Pair(a, "÷", b, spec),
        Term.Difference difference => $"{Inner(difference.First, spec)} − {Inner(difference.Second, spec)}",
        Term.Ratio ratio => $"{Inner(ratio.Above, spec)} ÷ {Inner(ratio.Below, spec)}",
        Term.Across { By: { } by } across => $"[{Of(across.Of, spec)}] at the {spec.Axes[across.Points.Axis].Name} with the {TakeName(across.Take)} {Of(by, spec)}",
        Term.Across across => $"{TakeName(across.Take)} across {spec.Axes[across.Points.Axis].Name} of [{Of(across.Of, spec)}]",
        Term.Envelope envelope => $"best {Of(envelope.Y, spec)} among {KindsOf(envelope.Points, spec)} with {Of(envelope.X, spec)} ≤ {ShortNumber.Write(envelope.Limit)}",
        _ => "",
    };

    /// <summary>Few values by name, more of them by their kinds.</summary>
    private static string KindsOf(Points points, SweepSpec spec)
    {
        string[] values = [.. points.Values.Select(place => spec.Axes[points.Axis].Values[place])];
        return string.Join(", ", values.Length <= 2 ? values : values.Select(value => value.Split(' ')[0]).Distinct());
    }

    private static string Inner(Term term, SweepSpec spec) => term is Term.Difference or Term.Ratio ? $"[{Of(term, spec)}]" : Of(term, spec);

    private static string Pair(Term.Leaf a, string sign, Term.Leaf b, SweepSpec spec)
    {
        var shared = a.Places.Select((place, axis) => place == b.Places[axis] ? place : -1).ToImmutableArray();
        var (first, second) = (a.Places.Select((place, axis) => shared[axis] >= 0 ? -1 : place), b.Places.Select((place, axis) => shared[axis] >= 0 ? -1 : place));
        if (a.Measure != b.Measure)
        {
            return $"{a.Measure}{Selection([.. first], spec)} {sign} {b.Measure}{Selection([.. second], spec)}{Selection(shared, spec)}";
        }

        return $"{a.Measure} of {Bare([.. first], spec)} {sign} {Bare([.. second], spec)}{Selection(shared, spec)}";
    }

    private static string Selection(ImmutableArray<int> places, SweepSpec spec) => Bare(places, spec) is { Length: > 0 } said ? $" ({said})" : "";

    private static string Bare(ImmutableArray<int> places, SweepSpec spec) => string.Join(" · ", places
        .Select((place, axis) => place < 0 || spec.Axes[axis].Values.Length < 2 ? "" : Named(spec.Axes[axis], place)).Where(said => said.Length > 0));

    private static string Named(Axis axis, int place) => axis.Name is "noise" ? axis.Values[place] switch { "none" => "no noise", var noise => noise }
        : axis.Values[place] == "none" ? $"no {axis.Name}"
        : axis.Name is "regularizer" ? axis.Values[place] : $"{axis.Name} {axis.Values[place]}";

    private static string TakeName(Take take) => take switch
    {
        Take.Max => "largest",
        Take.Min => "smallest",
        Take.Mean => "mean",
        Take.Spread => "spread",
        Take.Trend => "trend",
        _ => "Spearman's rank correlation",
    };
}
