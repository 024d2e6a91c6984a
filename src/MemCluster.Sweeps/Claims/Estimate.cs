using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Sweeps.Claims;

/// <summary>What the seeds say together.</summary>
/// <param name="Value">NaN when there is nothing; where times are censored, a bound of it.</param>
/// <param name="Low">Lower end of the interval, of 95 % unless another level was asked for (for <see cref="OverSeeds.Every"/>, of one further seed); NaN with one seed, −∞ where censoring hides it.</param>
/// <param name="High">Upper end; NaN, or ∞, likewise.</param>
/// <param name="Count">Seeds that it is over.</param>
/// <param name="Censored">Of these, seeds whose number is only known to lie in a range.</param>
/// <param name="Pending">Seeds whose trials have not ended.</param>
/// <param name="Without">Seeds whose trials ended without the number.</param>
/// <param name="IsUpperBound">Where some are censored: <paramref name="Value"/> is the most that it can be, else the least.</param>
public readonly record struct Estimate(double Value, double Low, double High, int Count, int Censored, int Pending, int Without, bool IsUpperBound = false)
{
    /// <summary>What p-values are computed from; null where the interval is not Student's.</summary>
    public Spread? Spread { get; init; }

    /// <summary>Why a measure over several trials has no number.</summary>
    public Missing Missing { get; init; }

    /// <summary>It is a p-value itself, and has no interval.</summary>
    public bool IsTest { get; init; }

    /// <summary>Of <see cref="Without"/>: seeds whose number is not defined.</summary>
    public int NotDefined { get; init; }

    /// <summary>Of <see cref="Without"/>: seeds whose number came out NaN.</summary>
    public int Nan { get; init; }

    /// <summary>Of <see cref="Without"/>: seeds whose number came out infinite.</summary>
    public int Infinite { get; init; }

    /// <summary>Which seeds have no value although their trials finished: "came out NaN in 2, not defined in 1"; empty if there are none.</summary>
    public string Absent => string.Join(", ", new[] { (Nan, Absence.Nan), (Infinite, Absence.Infinite), (NotDefined, Absence.NotDefined) }
        .Where(word => word.Item1 > 0).Select(word => $"{Absences.Words(word.Item2)} in {word.Item1}"));

    /// <summary>Below this number of seeds a bootstrap only repeats the extremes.</summary>
    public const int LeastToResample = 5;

    /// <param name="seeds">Those that nobody asked for are left out: it is as if there were none such.</param>
    /// <param name="ways">Among how many such numbers this one may be chosen: its interval is that of 1 − level/ways.</param>
    /// <param name="level">How often the interval may miss, above 0 and below 1.</param>
    public static Estimate Of(OverSeeds how, IReadOnlyList<Quantity> seeds, int ways = 1, double level = Summary.UsualLevel)
    {
        var all = seeds; // By place: those of other numbers stand beside them.
        seeds = seeds.Any(seed => seed.Missing == Missing.NotAsked) ? [.. seeds.Where(seed => seed.Missing != Missing.NotAsked)] : seeds;
        var there = seeds.Where(seed => seed.IsThere).ToArray();
        var pending = seeds.Count(seed => seed.Missing == Missing.Pending);
        var censored = there.Count(seed => !seed.IsExact);
        var step = there.Length == 0 ? 0 : there.Max(seed => seed.Step);
        var (fromBelow, low, lower) = End(how, [.. there.Select(seed => seed.Low)], step, ways, level, upper: false);
        var (fromAbove, high, upper) = End(how, [.. there.Select(seed => seed.High)], step, ways, level, upper: true);

        // A finite upper end says more: a time over a censored one has 0 below it by its nature.
        var value = double.IsFinite(fromAbove) ? fromAbove : fromBelow;
        return new(double.IsFinite(value) ? value : double.NaN, low, high, there.Length, censored, pending, seeds.Count - there.Length - pending, censored > 0 && double.IsFinite(fromAbove))
        {
            Spread = there.Length > 1 && how is OverSeeds.Mean or OverSeeds.GeometricMean or OverSeeds.Every ? new Spread.OfSeeds(lower, upper, how == OverSeeds.GeometricMean, ways) { Seeds = [.. all.Select(seed => seed.IsExact ? seed.Low : double.NaN)] } : null,
            NotDefined = seeds.Count(seed => seed.Missing == Missing.NotDefined),
            Nan = seeds.Count(seed => seed.Missing == Missing.Nan),
            Infinite = seeds.Count(seed => seed.Missing == Missing.Infinite),
        };
    }

    /// <summary>The largest (or smallest) of several of which one is chosen by their size: <see cref="Choice"/> says why its ends are those.</summary>
    public static Estimate Best(IReadOnlyList<Estimate> each, bool isMax)
    {
        double Of(Func<Estimate, double> end) => each.Any(one => double.IsNaN(end(one))) ? double.NaN : isMax ? each.Max(end) : each.Min(end);
        var (low, high) = (Of(one => one.Low), Of(one => one.High));
        var worst = each.MaxBy(one => (one.Pending, one.Without, one.Censored));
        return worst with
        {
            Value = Of(one => one.Value),
            Low = low,
            High = high,
            Count = each.Min(one => one.Count),
            Spread = each.All(one => one.Spread is not null) ? new Spread.Chosen([.. each.Select(one => one.Spread!)], isMax) : null,
        };
    }

    /// <summary>Of a measure over several trials, which has an interval of its own.</summary>
    public static Estimate OfGroup(Quantity found)
    {
        // Where a range has no upper end, what is known is the lower one.
        var isOpen = double.IsPositiveInfinity(found.High);
        var value = isOpen ? found.Low : found.Middle ?? (found.Low + found.High) / 2;
        return new(value, found.Low, found.High, found.IsThere ? 1 : 0, isOpen ? 1 : 0, found.Missing == Missing.Pending ? 1 : 0, 0) { Spread = found.Spread, IsTest = found.IsTest, Missing = found.Missing };
    }

    /// <summary>
    /// The statistic of one end of every seed's range, and the interval's end on that side. Of times that some seeds did not reach, the lower ends give the mean
    /// restricted to the epochs run (Royston and Parmar 2013): the true one is no smaller, so what lies below its interval lies below the true one's, too.
    /// </summary>
    /// <param name="step">In which the numbers can change: their deviation is not taken for less than what rounding to it makes, step/√12.</param>
    private static (double Value, double End, Summary Results) End(OverSeeds how, double[] values, double step, int ways, double level, bool upper)
    {
        var none = Summary.Of([]);
        if (values.Length == 0)
        {
            return (double.NaN, double.NaN, none);
        }

        if (Array.Exists(values, double.IsInfinity))
        {
            // With one seed nothing is known of the spread, open end or not.
            return (double.NaN, values.Length < 2 ? double.NaN : upper ? double.PositiveInfinity : double.NegativeInfinity, none);
        }

        switch (how)
        {
            case OverSeeds.GeometricMean when Array.Exists(values, value => value <= 0):
                // A time over a censored one lies between 0 and something: then 0 is all that is known from below.
                return (double.NaN, upper || Array.Exists(values, value => value < 0) ? double.NaN : 0, none);
            case OverSeeds.GeometricMean:
                var logs = Summary.Of(Array.ConvertAll(values, Math.Log), 0, ways, level);
                return (Math.Exp(logs.Mean), Math.Exp(upper ? logs.High : logs.Low), logs);
            case OverSeeds.Median or OverSeeds.Bootstrap:
                Func<double[], double> statistic = how == OverSeeds.Median ? Median : Enumerable.Average;
                var interval = values.Length < LeastToResample ? (double.NaN, double.NaN) : Statistics.Bootstrap.Interval(values, statistic, new(Level: 1 - level / ways));
                return (statistic(values), upper ? interval.Item2 : interval.Item1, none);
            default:
                var least = step / Math.Sqrt(12);
                var summary = how == OverSeeds.Every ? Summary.OfNext(values, least, ways, level) : Summary.Of(values, least, ways, level);
                return (summary.Mean, upper ? summary.High : summary.Low, summary);
        }
    }

    /// <summary>Of a number that can't lie outside of these ends, such as a correlation.</summary>
    public Estimate Within(double least, double most) => this with { Low = Math.Max(Low, least), High = Math.Min(High, most) };

    private static double Median(double[] values)
    {
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
