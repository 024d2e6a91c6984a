using MathNet.Numerics.Random;
using MemCluster.Statistics;

namespace MemCluster.Sweeps.Claims;

/// <summary>
/// The rules of a claim's verdict for samples of which only means and deviations are drawn: what <see cref="Estimate"/> and <see cref="ClaimVerdicts"/> do with
/// each seed's number.
/// </summary>
internal sealed class PowerRules
{
    private readonly List<Spread.OfSeeds> _columns = [];
    private readonly Part[] _parts;
    private readonly (double Least, double Most)? _limits;
    private readonly bool _isEvery;
    private readonly double _level;

    public PowerRules(ClaimResult seen, double level)
    {
        (_level, _isEvery) = (level, seen.Claim.Seeds == OverSeeds.Every);
        _limits = seen.Claim.Along is null && !seen.Claim.Value.HasGroup ? ClaimVerdicts.Limits(seen.Claim.Value) : null;
        _parts = [.. seen.Parts.Select(part => new Part(part.Condition, part.Estimate.Spread is { } spread ? TreeOf(spread) : null))];
    }

    /// <summary>Every number is one of seeds, and some seeds have it.</summary>
    public bool IsOfSeeds => Array.TrueForAll(_parts, part => part.Tree is not null) && _columns.TrueForAll(column => column.Seeds.Length > 0);

    /// <summary>It is about logarithms, and some seed's number has none.</summary>
    public bool LacksLogarithms => _columns.Exists(column => column.IsLog && column.Seeds.Any(number => number <= 0));

    /// <summary>Where seeds differ by less than a step of their numbers, the verdicts count with that step.</summary>
    public IReadOnlyList<double> LeastDeviations => [.. _columns.Select(column =>
    {
        var own = Summary.Of([.. NumbersOf(column).Where(double.IsFinite)]).Deviation;
        return column.Lower.Deviation > own * (1 + 1e-9) ? column.Lower.Deviation : 0;
    })];

    /// <summary>Of each seed that has them all, the numbers of the claim: one for each part, and each place that may be chosen.</summary>
    public (int Seed, double[] Numbers)[] Rows()
    {
        if (!IsOfSeeds || _columns.Count == 0)
        {
            return [];
        }

        double[][] columns = [.. _columns.Select(NumbersOf)];
        return [.. Enumerable.Range(0, columns.Min(column => column.Length))
            .Select(seed => (Seed: seed, Numbers: Array.ConvertAll(columns, column => column[seed])))
            .Where(row => Array.TrueForAll(row.Numbers, double.IsFinite))];
    }

    /// <param name="open">Counts, by part, the samples in which it is undecided; null: nobody asks.</param>
    public Prospect Prospect(FutureSamples samples, int size, int known, bool isAsSeen, int draws, int[]? open)
    {
        if (known == size)
        {
            draws = 1; // Nothing is left to chance.
        }

        // The size is the key: whoever asks for the same gets the same.
        var chance = new Xoshiro256StarStar(size, threadSafe: false);
        var (means, deviations) = (new double[_columns.Count], new double[_columns.Count]);
        var (usual, shared) = (Halves(size, 1), Halves(size, _parts.Length));
        var (holds, fails) = (0, 0);
        for (var draw = 0; draw < draws; draw++)
        {
            samples.Draw(size, known, isAsSeen, chance, means, deviations);
            var (all, any) = (true, false);
            for (var part = 0; part < _parts.Length; part++)
            {
                var (condition, tree) = (_parts[part].Condition, _parts[part].Tree!);
                var (low, high) = tree.Ends(means, deviations, usual);
                var verdict = _limits is var (least, most) ? condition.Of(Math.Max(low, least), Math.Min(high, most)) : condition.Of(low, high);
                all &= verdict == Verdict.Holds;
                if (verdict == Verdict.Fails)
                {
                    // Of m parts one fails at a level of its share.
                    (low, high) = tree.Ends(means, deviations, shared);
                    any |= condition.Of(low, high) == Verdict.Fails;
                }
                else if (verdict == Verdict.Undecided && open is not null)
                {
                    open[part]++;
                }
            }

            fails += any ? 1 : 0;
            holds += all && !any ? 1 : 0;
        }

        return new(holds / (double)draws, fails / (double)draws);
    }

    /// <summary>By column, how many deviations from the mean the interval reaches.</summary>
    /// <param name="parts">Among how many parts the level is shared.</param>
    private double[] Halves(int size, int parts)
    {
        var share = Math.Sqrt((_isEvery ? 1 : 0) + 1.0 / size);
        var quantiles = new Dictionary<int, double>();
        return [.. _columns.Select(column =>
        {
            if (!quantiles.TryGetValue(column.Ways, out var quantile))
            {
                quantiles.Add(column.Ways, quantile = StudentQuantile.Above(size - 1, _level / 2 / column.Ways / parts));
            }

            return quantile * share;
        })];
    }

    private static double[] NumbersOf(Spread.OfSeeds column) => [.. column.Seeds.Select(number => column.IsLog ? Math.Log(number) : number)];

    private Tree TreeOf(Spread spread)
    {
        switch (spread)
        {
            case Spread.OfSeeds column:
                _columns.Add(column);
                return new Tree.Leaf(_columns.Count - 1, column.IsLog);
            case Spread.Chosen chosen:
                return new Tree.Chosen([.. chosen.Each.Select(TreeOf)], chosen.IsMax);
            default:
                throw new NotSupportedException($"No rule for {spread.GetType().Name}.");
        }
    }

    private sealed record Part(Condition Condition, Tree? Tree);

    /// <summary>A spread by the columns that it is made of.</summary>
    private abstract record Tree
    {
        public abstract (double Low, double High) Ends(double[] means, double[] deviations, double[] halves);

        public sealed record Leaf(int Column, bool IsLog) : Tree
        {
            public override (double Low, double High) Ends(double[] means, double[] deviations, double[] halves)
            {
                var (mean, half) = (means[Column], halves[Column] * deviations[Column]);
                return IsLog ? (Math.Exp(mean - half), Math.Exp(mean + half)) : (mean - half, mean + half);
            }
        }

        public sealed record Chosen(Tree[] Each, bool IsMax) : Tree
        {
            public override (double Low, double High) Ends(double[] means, double[] deviations, double[] halves)
            {
                var (low, high) = Each[0].Ends(means, deviations, halves);
                for (var one = 1; one < Each.Length; one++)
                {
                    var (below, above) = Each[one].Ends(means, deviations, halves);
                    (low, high) = IsMax ? (Math.Max(low, below), Math.Max(high, above)) : (Math.Min(low, below), Math.Min(high, above));
                }

                return (low, high);
            }
        }
    }
}
