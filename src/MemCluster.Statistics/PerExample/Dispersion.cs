using MathNet.Numerics.Distributions;

namespace MemCluster.Statistics;

/// <summary>
/// Are some examples reliably right or wrong, beyond chance? From which examples came out right in many runs that differ in initial weights and
/// order only (after one epoch: Arpit et al. 2017, section 3.1, figure 1).
/// </summary>
/// <param name="Correct">Per example, the share of the runs in which it came out right.</param>
/// <param name="Mean">Of <paramref name="Correct"/>.</param>
/// <param name="Deviation">Of <paramref name="Correct"/>, divided by n.</param>
/// <param name="SampleDeviation">Divided by n − 1.</param>
/// <param name="Overdispersion">Variance over the binomial one, p(1 − p)/runs: 1 if examples differ by luck alone. NaN at p = 0 or 1.</param>
/// <param name="SampleOverdispersion">From <paramref name="SampleDeviation"/>.</param>
public sealed record Dispersion(
    double[] Correct, double Mean, double Deviation, double SampleDeviation, double Overdispersion, double SampleOverdispersion, int Runs)
{
    /// <summary>(overdispersion − 1)/(runs − 1): the part that does not grow with the number of runs, so that studies can be compared.</summary>
    public double Excess => (Overdispersion - 1) / (Runs - 1);

    public double AlwaysRight => (double)Correct.Count(share => share == 1) / Correct.Length;

    public double AlwaysWrong => (double)Correct.Count(share => share == 0) / Correct.Length;

    /// <summary>Ascending, as the paper draws them.</summary>
    public double[] Sorted => [.. Correct.Order()];

    /// <param name="correct">Row per run.</param>
    public static Dispersion Of(BitMatrix correct)
    {
        var shares = Enumerable.Range(0, correct.Columns).Select(example => (double)correct.Count(example) / correct.Rows).ToArray();
        var mean = shares.Average();
        var squares = shares.Sum(share => (share - mean) * (share - mean));
        var (variance, sample) = (squares / shares.Length, squares / (shares.Length - 1));
        var chance = mean * (1 - mean) / correct.Rows;
        return new(shares, mean, Math.Sqrt(variance), Math.Sqrt(sample), variance / chance, sample / chance, correct.Rows);
    }

    /// <summary>
    /// Two-sided p-value that all examples are right with one probability, and independently: Fisher's index of dispersion, n · overdispersion against χ² with n − 1
    /// degrees of freedom (Cochran 1954). It is about examples within these runs: what examples of a run have in common counts against chance.
    /// </summary>
    /// <returns>0 to 1; NaN at a mean of 0 or 1.</returns>
    public double ChanceP
    {
        get
        {
            var below = ChiSquared.CDF(Correct.Length - 1, Correct.Length * Overdispersion);
            return 2 * Math.Min(below, 1 - below);
        }
    }

    /// <summary>
    /// A 95 % interval of the overdispersion for other runs and other examples: a jackknife over blocks of each, of its logarithm, because a ratio of variances is skewed.
    /// </summary>
    /// <param name="correct">Row per run; what <see cref="Of"/> was given.</param>
    /// <returns>NaN ends for fewer than two runs or examples, and where the overdispersion is 0 or not defined.</returns>
    public static (double Low, double High) OverdispersionInterval(BitMatrix correct)
    {
        ArgumentNullException.ThrowIfNull(correct);
        var (runBlocks, exampleBlocks) = (BlockJackknife.BlocksOf(correct.Rows), BlockJackknife.BlocksOf(correct.Columns));
        var counts = new int[runBlocks][];
        for (var block = 0; block < runBlocks; block++)
        {
            counts[block] = new int[correct.Columns];
        }

        for (var run = 0; run < correct.Rows; run++)
        {
            var block = counts[BlockJackknife.BlockOf(run, correct.Rows)];
            for (var example = 0; example < block.Length; example++)
            {
                block[example] += correct[run, example] ? 1 : 0;
            }
        }

        int[] all = [.. Enumerable.Range(0, correct.Columns).Select(correct.Count)];
        var sizes = Enumerable.Range(0, correct.Rows).CountBy(run => BlockJackknife.BlockOf(run, correct.Rows)).ToDictionary();
        var (low, high) = BlockJackknife.Interval(
            LogOf(all, correct.Rows),
            [.. counts.Select((without, block) => LogOf([.. all.Zip(without, (sum, part) => sum - part)], correct.Rows - sizes[block]))],
            [.. Enumerable.Range(0, exampleBlocks).Select(block => LogOf([.. all.Where((_, example) => BlockJackknife.BlockOf(example, all.Length) != block)], correct.Rows))]);
        return double.IsFinite(low) && double.IsFinite(high) ? (Math.Exp(low), Math.Exp(high)) : (double.NaN, double.NaN);
    }

    private static double LogOf(int[] counts, int runs)
    {
        var mean = counts.Average() / runs;
        return Math.Log(counts.Average(count => ((double)count / runs - mean) * ((double)count / runs - mean)) / (mean * (1 - mean) / runs));
    }
}
