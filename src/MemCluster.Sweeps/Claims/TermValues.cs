using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>What a group measure found over the trials of a selection.</summary>
/// <param name="Low">Lower end of its own 95 % interval; equal to the value for a p-value, which has none.</param>
/// <param name="High">Upper end, likewise.</param>
public sealed record GroupValue(double Value, double Low, double High)
{
    /// <summary>What a p-value against a threshold is computed from; null where the interval is not Student's.</summary>
    public Spread? Spread { get; init; }

    /// <summary>It is a p-value: a small one speaks against chance, a large one for nothing.</summary>
    public bool IsTest { get; init; }

    /// <summary>A mean over seeds, with Student's interval.</summary>
    /// <param name="seeds">The number of each.</param>
    public static GroupValue Of(ReadOnlySpan<double> seeds)
    {
        var summary = Statistics.Summary.Of(seeds);
        return new(summary.Mean, summary.Low, summary.High) { Spread = new Spread.OfSeeds(summary, summary) { Seeds = [.. seeds] } };
    }

    /// <summary>Why there is no number although what it is made of was measured.</summary>
    public Missing Missing { get; private init; }

    /// <param name="why">Not <see cref="Missing.No"/>.</param>
    public static GroupValue Absent(Missing why) => new(double.NaN, double.NaN, double.NaN) { Missing = why };
}

/// <summary>Computes a group measure over trials, by their places in the grid; null where their per-example results are not there.</summary>
public delegate GroupValue? GroupMeasure(string name, IReadOnlyList<int> places);

/// <summary>The value of a term for each seed of a sweep.</summary>
/// <param name="groups">Null where nobody computes group measures.</param>
/// <param name="seeds">Over the first so many of the spec's seeds; null: over all of them.</param>
/// <param name="level">How often an interval may miss, above 0 and below 1.</param>
public sealed class TermValues(SweepSpec spec, Observations observed, GroupMeasure? groups = null, int? seeds = null, double level = Statistics.Summary.UsualLevel)
{
    private readonly int[] _lengths = [.. spec.Axes.Select(axis => axis.Values.Length)];

    /// <summary>How often an interval may miss.</summary>
    public double Level => level;

    private IEnumerable<int> Seeds => Enumerable.Range(0, seeds ?? spec.Seeds.Count);

    /// <summary>What the seeds say together of a term, or of how it differs between two places.</summary>
    /// <param name="at">By axis, the place of the value of an axis that runs; −1 elsewhere.</param>
    /// <param name="before">What the term is to be subtracted at; null for the term itself.</param>
    public Estimate EstimateOf(OverSeeds how, Term term, ImmutableArray<int> at, ImmutableArray<int>? before = null)
    {
        ArgumentNullException.ThrowIfNull(term);
        if (term.HasGroup)
        {
            var group = Value(term, at, -1, null);
            return Estimate.OfGroup(before is { } last ? group - Value(term, last, -1, null) : group);
        }

        Choice[] choices = [.. Choice.Of(term, isUp: true), .. before is null ? [] : Choice.Of(term, isUp: false).Select(choice => choice with { IsBefore = true })];
        var open = Array.ConvertAll(choices, choice => choice with { Places = [.. Eligible(choice, choice.IsBefore ? before!.Value : at)] });
        return Array.Exists(open, choice => choice.Places.IsEmpty)
            ? Estimate.Of(how, [.. Seeds.Select(_ => Quantity.Absent(Missing.NotDefined))], 1, level)
            : Choice.Best(open, [], chosen => Estimate.Of(how, [.. Seeds.Select(seed => ValueIn(seed, chosen))], Choice.Ways(choices), level));

        Quantity ValueIn(int seed, ImmutableArray<int> chosen)
        {
            var value = Value(term, at, seed, new(open, chosen, isBefore: false));
            return before is { } earlier ? value - Value(term, earlier, seed, new(open, chosen, isBefore: true)) : value;
        }
    }

    /// <summary>
    /// The places that may be chosen: of an envelope those with little enough x; where something else chooses, its one. Both by the mean of the seeds. All of them, while
    /// some seed has not told.
    /// </summary>
    private IEnumerable<int> Eligible(Choice choice, ImmutableArray<int> at)
    {
        switch (choice.Term)
        {
            case Term.Envelope envelope:
                var x = MeansOf(envelope.X, envelope.Points, at);
                return envelope.Points.Values.Where((_, place) => x is null || x[place] <= envelope.Limit);
            case Term.Across { By: { } by } across:
                return MeansOf(by, across.Points, at) is { } means
                    ? [across.Points.Values[Array.IndexOf(means, across.Take == Take.Max ? means.Max() : means.Min())]] : choice.Places;
            default:
                return choice.Places;
        }
    }

    /// <returns>By place, over the seeds that have it; null where a place has none.</returns>
    private double[]? MeansOf(Term term, Points points, ImmutableArray<int> at)
    {
        double[] means = [.. points.Values.Select(place =>
            Seeds.Select(seed => Value(term, at.SetItem(points.Axis, place), seed, null)).Where(one => one.IsThere).Select(one => one.High).DefaultIfEmpty(double.NaN).Average())];
        return Array.Exists(means, double.IsNaN) ? null : means;
    }

    /// <summary>Places in the grid of the trials that a measure is over.</summary>
    public IReadOnlyList<int> TrialsOf(Term.Group group, ImmutableArray<int> at)
    {
        int[] firsts = group.Through is { } through
            ? [.. through.Values.Select(place => PlaceOf(group.Places, at.SetItem(through.Axis, place)))] : [PlaceOf(group.Places, at)];
        // Where claims ask for seeds, a measure over trials together is of those that every configuration has: how many more there are depends on what was found.
        var each = Math.Min(seeds ?? spec.Seeds.Count, spec.Replicates?.AtLeast ?? spec.Seeds.Count);
        return [.. firsts.SelectMany(first => Enumerable.Range(first, each))];
    }

    /// <summary>Configurations whose trials a term is made of, in some order and with repeats.</summary>
    /// <param name="at">As in <see cref="EstimateOf"/>.</param>
    public IEnumerable<int> ConfigurationsOf(Term term, ImmutableArray<int> at)
    {
        IEnumerable<int> Along(Points points, params Term[] terms) =>
            points.Values.SelectMany(place => terms.SelectMany(inner => ConfigurationsOf(inner, at.SetItem(points.Axis, place))));

        return term switch
        {
            Term.Leaf leaf => [PlaceOf(leaf.Places, at) / spec.Seeds.Count],
            Term.Group group => TrialsOf(group, at).Select(place => place / spec.Seeds.Count),
            Term.Difference difference => ConfigurationsOf(difference.First, at).Concat(ConfigurationsOf(difference.Second, at)),
            Term.Ratio ratio => ConfigurationsOf(ratio.Above, at).Concat(ConfigurationsOf(ratio.Below, at)),
            Term.Across across => across.By is { } by ? Along(across.Points, across.Of, by) : Along(across.Points, across.Of),
            Term.Envelope envelope => Along(envelope.Points, envelope.X, envelope.Y),
            Term.Constant => [],
            _ => throw new NotSupportedException($"No rule for {term.GetType().Name}."),
        };
    }

    public ImmutableArray<int> Nowhere => [.. Enumerable.Repeat(-1, _lengths.Length)];

    /// <param name="picks">Places chosen for what is largest or smallest; null: each seed takes its own.</param>
    private Quantity Value(Term term, ImmutableArray<int> at, int seed, Picks? picks)
    {
        switch (term)
        {
            case Term.Constant constant:
                return Quantity.Exactly(constant.Value);
            case Term.Leaf leaf:
                return observed.Of(leaf.Measure, PlaceOf(leaf.Places, at) + seed);
            case Term.Group group:
                return groups?.Invoke(group.Name, TrialsOf(group, at)) switch
                {
                    { Missing: Missing.No } found => new(found.Low, found.High) { Middle = found.Value, Spread = found.Spread, IsTest = found.IsTest },
                    { } unknown => Quantity.Absent(unknown.Missing),
                    null => Quantity.Absent(Missing.NotMeasured),
                };
            case Term.Difference { First: Term.Leaf one, Second: Term.Leaf other } when IsSame(one, other, at):
                return Value(one, at, seed, picks) is { IsThere: false } absent ? absent : Quantity.Exactly(0);
            case Term.Ratio { Above: Term.Leaf above, Below: Term.Leaf below } when IsSame(above, below, at):
                return Value(above, at, seed, picks) is { IsThere: false } gone ? gone : Quantity.Exactly(1);
            case Term.Difference difference:
                return Value(difference.First, at, seed, picks) - Value(difference.Second, at, seed, picks);
            case Term.Ratio ratio:
                return Value(ratio.Above, at, seed, picks) / Value(ratio.Below, at, seed, picks);
            case Term.Across { Take: Take.Max or Take.Min } across when picks is not null:
                return Value(across.Of, at.SetItem(across.Points.Axis, picks.PlaceOf(across, 0)), seed, null);
            case Term.Across { Take: Take.Spread } across when picks is not null:
                return Value(across.Of, at.SetItem(across.Points.Axis, picks.PlaceOf(across, 0)), seed, null)
                    - Value(across.Of, at.SetItem(across.Points.Axis, picks.PlaceOf(across, 1)), seed, null);
            case Term.Across across:
                return Quantity.Take(across.Take, Points(across.Points, at, there => Value(across.Of, there, seed, null)));
            case Term.Envelope envelope when picks is not null:
                return Value(envelope.Y, at.SetItem(envelope.Points.Axis, picks.PlaceOf(envelope, 0)), seed, null);
            case Term.Envelope envelope:
                return EnvelopeOf(Points(envelope.Points, at, there => Value(envelope.X, there, seed, null)), Points(envelope.Points, at, there => Value(envelope.Y, there, seed, null)), envelope.Limit);
            default:
                throw new NotSupportedException($"No rule for {term.GetType().Name}.");
        }
    }

    /// <summary>The largest y among points with x up to the limit; not there if some point is missing, or none is so low.</summary>
    private static Quantity EnvelopeOf(Quantity[] x, Quantity[] y, double limit)
    {
        var missing = x.Concat(y).Max(point => point.Missing);
        return missing != Missing.No
            ? Quantity.Absent(missing)
            : Quantity.Exactly(Statistics.RegularizerEnvelope.At([.. x.Select(point => point.High)], [.. y.Select(point => point.Low)], limit));
    }

    private static Quantity[] Points(Points points, ImmutableArray<int> at, Func<ImmutableArray<int>, Quantity> value) =>
        [.. points.Values.Select(place => value(at.SetItem(points.Axis, place)))];

    /// <summary>One trial's number against itself: known, however little is known of the number.</summary>
    private bool IsSame(Term.Leaf a, Term.Leaf b, ImmutableArray<int> at) => a.Measure == b.Measure && PlaceOf(a.Places, at) == PlaceOf(b.Places, at);

    /// <summary>The first trial of a configuration: its seeds follow.</summary>
    private int PlaceOf(ImmutableArray<int> places, ImmutableArray<int> at)
    {
        var configuration = 0;
        for (var axis = 0; axis < _lengths.Length; axis++)
        {
            var place = places[axis] >= 0 ? places[axis] : at[axis];
            if (place < 0)
            {
                throw new InvalidOperationException($"Axis {spec.Axes[axis].Name} has no place here; the reader should have said so.");
            }

            configuration = configuration * _lengths[axis] + place;
        }

        return configuration * spec.Seeds.Count;
    }
}
