namespace MemCluster.Statistics;

/// <summary>Scores of examples from one number per epoch and example. Arguments: a row per epoch, in each a number per example.</summary>
public static class OverEpochs
{
    /// <summary>
    /// Mean per example. Of margins it is the area under the margin, AUM (Pleiss et al. 2020); of true-label probabilities cartography's
    /// confidence (Swayamdipta et al. 2020); of EL2N, GraNd, curvature or input-gradient norms the score averaged over training or runs.
    /// </summary>
    public static double[] Mean(IReadOnlyList<double[]> rows) => [.. Sum(rows).Select(sum => sum / rows.Count)];

    /// <summary>Sum per example; of losses the cumulative sample loss (Ravikumar et al. 2025).</summary>
    public static double[] Sum(IReadOnlyList<double[]> rows)
    {
        var sums = new double[Examples(rows)];
        foreach (var row in rows)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += row[i];
            }
        }

        return sums;
    }

    /// <summary>Standard deviation per example; of true-label probabilities cartography's variability.</summary>
    /// <param name="sample">False (the published code): divide by the number of epochs; true: by one less.</param>
    public static double[] Deviation(IReadOnlyList<double[]> rows, bool sample = false)
    {
        var means = Mean(rows);
        var squares = new double[means.Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < squares.Length; i++)
            {
                squares[i] += (row[i] - means[i]) * (row[i] - means[i]);
            }
        }

        return [.. squares.Select(square => Math.Sqrt(square / (sample ? rows.Count - 1 : rows.Count)))];
    }

    private static int Examples(IReadOnlyList<double[]> rows) => rows.Count > 0 && rows.All(row => row.Length == rows[0].Length)
        ? rows[0].Length
        : throw new ArgumentException("Each epoch needs the numbers of the same examples, and there must be one at least.", nameof(rows));
}
