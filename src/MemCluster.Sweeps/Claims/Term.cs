using System.Collections.Immutable;

namespace MemCluster.Sweeps.Claims;

/// <summary>How several values along an axis become one.</summary>
public enum Take
{
    Max,
    Min,
    Mean,

    /// <summary>Largest minus smallest.</summary>
    Spread,

    /// <summary>What one step along the axis adds, by least squares over the places of the axis.</summary>
    Trend,

    /// <summary>Spearman's rank correlation of the values with their order on the axis, −1 to 1.</summary>
    Spearman,
}

/// <summary>When in a trial a measure counts.</summary>
public enum At
{
    /// <summary>It is a column of trials.csv: one number per trial.</summary>
    Final,

    /// <summary>After the last epoch.</summary>
    Last,

    /// <summary>After the epoch of the best validation accuracy.</summary>
    Best,

    /// <summary>After the epoch numbered so, from 1.</summary>
    Epoch,
    Max,
    Min,
    Mean,

    /// <summary>Mean of the last so many epochs.</summary>
    Plateau,

    /// <summary>The first epoch, from 1, after which it is at least so much; a trial that never is is censored at its last epoch.</summary>
    FirstAtLeast,

    /// <summary>The first epoch after which it is at most so much; likewise.</summary>
    FirstAtMost,
}

/// <summary>A measure and when it counts.</summary>
/// <param name="Number">Of <see cref="At.Epoch"/>, <see cref="At.Plateau"/> and the firsts; else 0.</param>
public sealed record MeasureRef(string Measure, At At, double Number = 0)
{
    public override string ToString() => At switch
    {
        At.Final => Measure,
        At.Last => $"{Measure} in the last epoch",
        At.Best => $"{Measure} at the best validation accuracy",
        At.Epoch => $"{Measure} after epoch {ShortNumber.Write(Number)}",
        At.Max => $"largest {Measure}",
        At.Min => $"smallest {Measure}",
        At.Mean => $"mean {Measure} over the epochs",
        At.Plateau => $"mean {Measure} of the last {ShortNumber.Write(Number)} epochs",
        At.FirstAtLeast => $"first epoch with {Measure} ≥ {ShortNumber.Write(Number)}",
        _ => $"first epoch with {Measure} ≤ {ShortNumber.Write(Number)}",
    };
}

/// <summary>Some values of an axis, by their places on it, in its order.</summary>
public sealed record Points(int Axis, ImmutableArray<int> Values);

/// <summary>
/// A number that each seed of a sweep has. A leaf names a measure and, for each axis, the place of the value (−1: whatever the context says:
/// the axis runs along, across, or in a figure).
/// </summary>
public abstract record Term
{
    private Term()
    {
    }

    public sealed record Leaf(MeasureRef Measure, ImmutableArray<int> Places) : Term;

    /// <summary>A statistic over per-example results of all the trials of a selection together, such as overdispersion.</summary>
    /// <param name="Through">The axis whose values are taken together too; null for none.</param>
    public sealed record Group(string Name, ImmutableArray<int> Places, Points? Through = null) : Term;

    public sealed record Constant(double Value) : Term;

    public sealed record Difference(Term First, Term Second) : Term;

    public sealed record Ratio(Term Above, Term Below) : Term;

    /// <param name="By">What chooses the place of a largest or smallest, if not the number itself.</param>
    public sealed record Across(Points Points, Take Take, Term Of, Term? By = null) : Term;

    /// <summary>The best of <paramref name="Y"/> among the points whose <paramref name="X"/> is at most the limit (paper Fig. 10).</summary>
    public sealed record Envelope(Points Points, Term X, Term Y, double Limit) : Term;

    /// <summary>Every measure of single trials that it needs.</summary>
    public IEnumerable<MeasureRef> Measures => this switch
    {
        Leaf leaf => [leaf.Measure],
        Difference difference => difference.First.Measures.Concat(difference.Second.Measures),
        Ratio ratio => ratio.Above.Measures.Concat(ratio.Below.Measures),
        Across across => across.Of.Measures.Concat(across.By?.Measures ?? []),
        Envelope envelope => envelope.X.Measures.Concat(envelope.Y.Measures),
        _ => [],
    };

    /// <summary>Every measure over several trials that it needs.</summary>
    public IEnumerable<string> Groups => this switch
    {
        Group group => [group.Name],
        Difference difference => difference.First.Groups.Concat(difference.Second.Groups),
        Ratio ratio => ratio.Above.Groups.Concat(ratio.Below.Groups),
        Across across => across.Of.Groups.Concat(across.By?.Groups ?? []),
        Envelope envelope => envelope.X.Groups.Concat(envelope.Y.Groups),
        _ => [],
    };

    public bool HasGroup => Groups.Any();
}
