namespace MemCluster.Statistics;

/// <summary>
/// Memorization and influence from many networks, each trained on a random subset (Feldman and Zhang 2020): what does it change for an example
/// that a training example is left out?
/// </summary>
/// <param name="RunsWith">In how many runs the example was trained on.</param>
/// <param name="CorrectWith">Share of those in which it came out right; NaN if there are none.</param>
/// <param name="CorrectWithout">The same over the runs that left it out.</param>
/// <param name="Memorization">CorrectWith − CorrectWithout, −1 to 1; NaN for an example that was always in, or never.</param>
/// <param name="StandardError">Binomial, from both shares: √(q₁(1−q₁)/n₁ + q₀(1−q₀)/n₀).</param>
public readonly record struct SubsetMemorization(int RunsWith, double CorrectWith, double CorrectWithout, double Memorization, double StandardError)
{
    /// <summary>From .25 on an example is said to be memorized (Feldman and Zhang's cut for their figures).</summary>
    public const double High = 0.25;

    /// <param name="member">Row per run: which examples were trained on.</param>
    /// <param name="correct">Row per run: which of the same examples came out right after training.</param>
    public static SubsetMemorization[] Of(BitMatrix member, BitMatrix correct)
    {
        var estimates = new SubsetMemorization[member.Columns];
        for (var i = 0; i < estimates.Length; i++)
        {
            var (with, without, runsWith) = Shares(member, i, correct, i);
            var error = Math.Sqrt(with * (1 - with) / runsWith + without * (1 - without) / (member.Rows - runsWith));
            estimates[i] = new(runsWith, with, without, with - without, error);
        }

        return estimates;
    }

    /// <summary>infl(i → j): how much more often example j came out right in the runs that were trained on i.</summary>
    /// <param name="correct">Row per run: which of some other examples, such as the test set's, came out right.</param>
    /// <returns>[training example][other example], −1 to 1; NaN where memorization is.</returns>
    public static double[][] Influence(BitMatrix member, BitMatrix correct)
    {
        var influence = new double[member.Columns][];
        for (var i = 0; i < influence.Length; i++)
        {
            influence[i] = new double[correct.Columns];
            for (var j = 0; j < correct.Columns; j++)
            {
                var (with, without, _) = Shares(member, i, correct, j);
                influence[i][j] = with - without;
            }
        }

        return influence;
    }

    /// <summary>From .15 on a training example is said to influence another one (Feldman and Zhang, recalled).</summary>
    public const double HighInfluence = 0.15;

    /// <summary>
    /// By how many standard errors an influence must lie above zero to count: there is one for each pair of examples, and with few runs the largest of so
    /// many is high by chance. From about a thousand runs on it is <see cref="HighInfluence"/> that decides.
    /// </summary>
    public const double SureInfluence = 5;

    /// <summary>Which of the other examples some memorized training example (<see cref="High"/>) influences: it makes them come out right more often.</summary>
    /// <param name="correct">Row per run: which of the other examples came out right.</param>
    public static bool[] Influenced(BitMatrix member, IReadOnlyList<SubsetMemorization> estimates, BitMatrix correct)
    {
        int[] memorized = [.. Enumerable.Range(0, estimates.Count).Where(i => estimates[i].Memorization >= High)];
        return [.. Enumerable.Range(0, correct.Columns).Select(j => Array.Exists(memorized, i => Influences(i, j)))];

        bool Influences(int i, int j)
        {
            var (with, without, runsWith) = Shares(member, i, correct, j);
            if (with - without < HighInfluence)
            {
                return false;
            }

            // As if both shares were the same: the usual test of two proportions.
            var all = (double)correct.Count(j) / correct.Rows;
            return with - without >= SureInfluence * Math.Sqrt(all * (1 - all) * (1.0 / runsWith + 1.0 / (member.Rows - runsWith)));
        }
    }

    /// <summary>Share of the estimated examples with at least so much memorization.</summary>
    public static double ShareAtLeast(IEnumerable<SubsetMemorization> estimates, double least = High)
    {
        var known = estimates.Where(estimate => !double.IsNaN(estimate.Memorization)).ToArray();
        return (double)known.Count(estimate => estimate.Memorization >= least) / known.Length;
    }

    private static (double With, double Without, int RunsWith) Shares(BitMatrix member, int i, BitMatrix correct, int j)
    {
        var (runsWith, both) = (member.Count(i), member.CountBoth(i, correct, j));
        return ((double)both / runsWith, (double)(correct.Count(j) - both) / (member.Rows - runsWith), runsWith);
    }
}
