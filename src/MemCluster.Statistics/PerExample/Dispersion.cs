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
}
