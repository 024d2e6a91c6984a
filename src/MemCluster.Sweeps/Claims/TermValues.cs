using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>What a group measure found over the trials of a selection.</summary>
/// <param name="Low">Lower end of its own 95 % interval; equal to the value where it has none (a p-value).</param>
/// <param name="High">Upper end, likewise.</param>
public sealed record GroupValue(double Value, double Low, double High)
{
    /// <summary>Why there is no number although what it is made of was measured.</summary>
    public Missing Missing { get; private init; }

    /// <param name="why">Not <see cref="Missing.No"/>.</param>
    public static GroupValue Absent(Missing why) => new(double.NaN, double.NaN, double.NaN) { Missing = why };
}

/// <summary>Computes a group measure over trials, by their places in the grid; null where their per-example results are not there.</summary>
public delegate GroupValue? GroupMeasure(string name, IReadOnlyList<int> places);

/// <summary>The value of a term for each seed of a sweep.</summary>
/// <param name="groups">Null where nobody computes group measures.</param>
public sealed class TermValues(SweepSpec spec, Observations observed, GroupMeasure? groups = null)
{
    private readonly int[] _lengths = [.. spec.Axes.Select(axis => axis.Values.Length)];

    /// <param name="at">By axis, the place of the value of an axis that runs; −1 elsewhere.</param>
    /// <returns>By the order of the seeds; a single one for a measure over trials together.</returns>
    public IReadOnlyList<Quantity> Of(Term term, ImmutableArray<int> at) => term.HasGroup
        ? [Value(term, at, -1)]
        : [.. Enumerable.Range(0, spec.Seeds.Count).Select(seed => Value(term, at, seed))];

    /// <summary>Places in the grid of the trials that a measure is over.</summary>
    public IReadOnlyList<int> TrialsOf(Term.Group group, ImmutableArray<int> at)
    {
        int[] firsts = group.Through is { } through
            ? [.. through.Values.Select(place => PlaceOf(group.Places, at.SetItem(through.Axis, place)))] : [PlaceOf(group.Places, at)];
        return [.. firsts.SelectMany(first => Enumerable.Range(first, spec.Seeds.Count))];
    }

    public ImmutableArray<int> Nowhere => [.. Enumerable.Repeat(-1, _lengths.Length)];

    private Quantity Value(Term term, ImmutableArray<int> at, int seed)
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
                    { Missing: Missing.No } found => new(found.Low, found.High) { Middle = EnsembleMeasure.Find(group.Name) is null && ScoreCorrelation.Find(group.Name) is null ? null : found.Value },
                    { } unknown => Quantity.Absent(unknown.Missing),
                    null => Quantity.Absent(Missing.NotMeasured),
                };
            case Term.Difference { First: Term.Leaf one, Second: Term.Leaf other } when IsSame(one, other, at):
                return Value(one, at, seed) is { IsThere: false } absent ? absent : Quantity.Exactly(0);
            case Term.Ratio { Above: Term.Leaf above, Below: Term.Leaf below } when IsSame(above, below, at):
                return Value(above, at, seed) is { IsThere: false } gone ? gone : Quantity.Exactly(1);
            case Term.Difference difference:
                return Value(difference.First, at, seed) - Value(difference.Second, at, seed);
            case Term.Ratio ratio:
                return Value(ratio.Above, at, seed) / Value(ratio.Below, at, seed);
            case Term.Across across:
                return Quantity.Take(across.Take, Points(across.Points, at, there => Value(across.Of, there, seed)));
            case Term.Envelope envelope:
                return EnvelopeAt(
                    Points(envelope.Points, at, there => Value(envelope.X, there, seed)), Points(envelope.Points, at, there => Value(envelope.Y, there, seed)), envelope.Limit);
            default:
                throw new NotSupportedException($"No rule for {term.GetType().Name}.");
        }
    }

    /// <summary>The largest y among points with x up to the limit; not there if some point is missing, or none is so low.</summary>
    private static Quantity EnvelopeAt(Quantity[] x, Quantity[] y, double limit)
    {
        var missing = x.Concat(y).Max(point => point.Missing);
        if (missing != Missing.No)
        {
            return Quantity.Absent(missing);
        }

        var best = Statistics.RegularizerEnvelope.At([.. x.Select(point => point.High)], [.. y.Select(point => point.Low)], limit);
        return Quantity.Exactly(best);
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
