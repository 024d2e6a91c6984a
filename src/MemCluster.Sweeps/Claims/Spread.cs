using System.Collections.Immutable;
using MemCluster.Statistics;

namespace MemCluster.Sweeps.Claims;

/// <summary>How results lie around the number that they say together: what p-values are computed from.</summary>
public abstract record Spread
{
    private Spread()
    {
    }

    /// <summary>Two-sided p-value against the number being as low as this bound: small where it lies above for certain. 1 where nothing speaks for that.</summary>
    public abstract double PAbove(double bound);

    /// <summary>The same against its being as high as this bound.</summary>
    public abstract double PBelow(double bound);

    /// <param name="Lower">Of the least that each result can be; the same as <paramref name="Upper"/> where none is censored.</param>
    /// <param name="Upper">Of the most.</param>
    /// <param name="IsLog">Both are of logarithms.</param>
    /// <param name="Ways">Among how many such numbers this one may be chosen: the p-value counts so often.</param>
    public sealed record OfSeeds(Summary Lower, Summary Upper, bool IsLog = false, int Ways = 1) : Spread
    {
        /// <summary>
        /// The number of each seed, in the sweep's order; NaN where it is not there, or only a range of it is known. Empty where no number is a seed's own.
        /// </summary>
        public ImmutableArray<double> Seeds { get; init; } = [];

        public override double PAbove(double bound) => P(Lower, bound, above: true);

        public override double PBelow(double bound) => P(Upper, bound, above: false);

        private double P(Summary results, double bound, bool above)
        {
            if (IsLog && bound <= 0)
            {
                return above ? 0 : 1; // A product of numbers above 0 is above 0.
            }

            var number = IsLog ? Math.Log(bound) : bound;
            var t = results.T(number);
            return double.IsNaN(t) || results.Count < 2 || t > 0 != above || t == 0 ? 1 : Math.Min(1, Ways * results.P(number));
        }
    }

    /// <summary>The largest or smallest of several: it lies above a bound if the surest of them does, and below if all do; or the other way round.</summary>
    public sealed record Chosen(ImmutableArray<Spread> Each, bool IsMax) : Spread
    {
        public override double PAbove(double bound) => IsMax ? Each.Min(one => one.PAbove(bound)) : Each.Max(one => one.PAbove(bound));

        public override double PBelow(double bound) => IsMax ? Each.Max(one => one.PBelow(bound)) : Each.Min(one => one.PBelow(bound));
    }
}
