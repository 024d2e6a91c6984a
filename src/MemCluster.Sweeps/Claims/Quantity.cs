using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Sweeps.Claims;

/// <summary>Why a number is not there.</summary>
public enum Missing
{
    No = 0,

    /// <summary>Its trial ended without a result (failed, cancelled), or diverged: its last finite epoch is no value of the measure.</summary>
    NoResult = 1,

    /// <summary>Its trial ended, and this was not measured in it.</summary>
    NotMeasured = 2,

    /// <summary>It was measured, and the measure says that there is no such number here.</summary>
    NotDefined = 3,

    /// <summary>It was measured, and came out NaN.</summary>
    Nan = 4,

    /// <summary>It was measured, and came out infinite.</summary>
    Infinite = 5,

    /// <summary>It takes each example's results in several trials together, and each of them has examples of its own.</summary>
    OtherExamples = 6,

    /// <summary>Its trial has not ended yet. Of several reasons the highest is told, and nothing is judged while a trial is to come.</summary>
    Pending = 7,

    /// <summary>No claim has asked for its trial, and perhaps none ever will: it is no seed of what is judged.</summary>
    NotAsked = 8,
}

/// <summary>
/// What is known of one trial's number: a value, or, where a time was censored, only a range. A trial that did not converge within 100 epochs
/// has [100, ∞), and every operation keeps what follows from that and nothing more.
/// </summary>
/// <param name="Low">At least this; −∞ where nothing is known.</param>
/// <param name="High">At most this; ∞ where nothing is known.</param>
public readonly record struct Quantity(double Low, double High, Missing Missing = Missing.No)
{
    /// <summary>The value itself, where the range is an interval of it; null where nothing more is known than the range.</summary>
    public double? Middle { get; init; }

    private double? Center => Middle ?? (IsExact ? Low : null);

    /// <summary>Of a measure over several trials, what its p-values are computed from; null for others.</summary>
    public Spread? Spread { get; init; }

    /// <summary>It is a p-value itself.</summary>
    public bool IsTest { get; init; }

    /// <summary>The step in which it can change, such as one example of those counted; 0 where it is fine, or not known.</summary>
    public double Step { get; init; }

    public bool IsThere => Missing == Missing.No;

    public bool IsExact => Low == High;

    /// <param name="value">Computed from what is there: where it is NaN, there is no such number (a correlation with constants), and where it is infinite it is too large to be one.</param>
    public static Quantity Exactly(double value) =>
        double.IsFinite(value) ? new(value, value) : Absent(double.IsNaN(value) ? Missing.NotDefined : Missing.Infinite);

    /// <summary>Nothing is known of it but that there is such a number.</summary>
    public static Quantity Unknown { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    public static Quantity AtLeast(double value) => new(value, double.PositiveInfinity);

    public static Quantity Absent(Missing why) => new(double.NaN, double.NaN, why);

    internal static Missing MissingOf(Absence word) => word switch
    {
        Absence.NotDefined => Missing.NotDefined,
        Absence.Nan => Missing.Nan,
        _ => Missing.Infinite,
    };

    public static Quantity operator -(Quantity a, Quantity b) => Both(a, b, new(a.Low - b.High, a.High - b.Low) { Step = Math.Max(a.Step, b.Step), Middle = a.Center - b.Center });

    public static Quantity operator /(Quantity a, Quantity b)
    {
        if (!a.IsThere || !b.IsThere)
        {
            return Both(a, b, default);
        }

        // A range around 0 below the line bounds nothing.
        if (b.Low <= 0 && b.High >= 0)
        {
            return b.IsExact ? Absent(Missing.NotDefined) : new(double.NegativeInfinity, double.PositiveInfinity);
        }

        double[] ends = [Share(a.Low, b.Low), Share(a.Low, b.High), Share(a.High, b.Low), Share(a.High, b.High)];
        return new(ends.Min(), ends.Max()) { Middle = a.Center / b.Center };

        static double Share(double above, double below) => double.IsInfinity(below) ? (double.IsInfinity(above) ? above : 0) : above / below;
    }

    /// <summary>One number out of several, in the order of their axis.</summary>
    public static Quantity Take(Take take, IReadOnlyList<Quantity> points)
    {
        if (points.Count == 0)
        {
            return Absent(Missing.NotMeasured);
        }

        if (points.Any(point => !point.IsThere))
        {
            return Absent(points.Max(point => point.Missing));
        }

        return take switch
        {
            Claims.Take.Max => new(points.Max(point => point.Low), points.Max(point => point.High)),
            Claims.Take.Min => new(points.Min(point => point.Low), points.Min(point => point.High)),
            Claims.Take.Mean => new(points.Average(point => point.Low), points.Average(point => point.High)),
            Claims.Take.Spread => new(
                Math.Max(0, points.Max(point => point.Low) - points.Min(point => point.High)), points.Max(point => point.High) - points.Min(point => point.Low)),
            Claims.Take.Trend => Trend(points),
            _ => Spearman(points),
        };
    }

    /// <summary>Σ (i − ī) vᵢ / Σ (i − ī)² over the places i of the axis: what one step along it adds, by least squares.</summary>
    private static Quantity Trend(IReadOnlyList<Quantity> points)
    {
        var (low, high, middle, squares) = (0.0, 0.0, (points.Count - 1) / 2.0, 0.0);
        for (var place = 0; place < points.Count; place++)
        {
            var weight = place - middle;
            if (weight != 0)
            {
                low += weight * (weight > 0 ? points[place].Low : points[place].High);
                high += weight * (weight > 0 ? points[place].High : points[place].Low);
                squares += weight * weight;
            }
        }

        return squares > 0 ? new(low / squares, high / squares) : Absent(Missing.NotDefined);
    }

    /// <summary>Of the values and their order. A single censored value above all others has the last rank for certain; more of them have none.</summary>
    private static Quantity Spearman(IReadOnlyList<Quantity> points)
    {
        var open = points.Where(point => !point.IsExact).ToArray();
        var known = open.Length == 0
            || (open.Length == 1 && double.IsFinite(open[0].Low) && points.All(point => !point.IsExact || point.High <= open[0].Low));
        if (!known)
        {
            return new(-1, 1);
        }

        // A censored value that only equals the largest lies above it all the same.
        var values = points.Select(point => point.IsExact ? point.Low : Math.BitIncrement(point.Low)).ToArray();
        return Exactly(RankCorrelation.Of([.. Enumerable.Range(0, values.Length).Select(place => (double)place)], values).Spearman);
    }

    private static Quantity Both(Quantity a, Quantity b, Quantity result) =>
        a.IsThere && b.IsThere ? result : Absent((Missing)Math.Max((int)a.Missing, (int)b.Missing));
}
