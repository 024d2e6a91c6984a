namespace MemCluster.Learning;

/// <summary>What a class-by-class matrix of sensitivities says in a few numbers.</summary>
/// <param name="DiagonalToOff">Mean of the diagonal over mean off it.</param>
/// <param name="OffShare">Sum off the diagonal over the whole sum.</param>
/// <param name="LogDeviation">Standard deviation of log₁₀ of the entries off the diagonal, divided by their number: how unevenly classes share.</param>
/// <param name="SampleLogDeviation">Divided by one less.</param>
public readonly record struct ClassMatrixSummary(
    double MeanDiagonal, double MeanOff, double DiagonalToOff, double OffShare, double LogDeviation, double SampleLogDeviation);

public static class ClassMatrix
{
    /// <summary>Any NaN (a class without examples) makes what depends on it NaN.</summary>
    public static ClassMatrixSummary Summarize(double[][] matrix)
    {
        double[] diagonal = [.. matrix.Select((row, i) => row[i])];
        double[] off = [.. matrix.SelectMany((row, i) => row.Where((_, j) => j != i))];
        double[] logs = [.. off.Select(Math.Log10)];
        var center = logs.Average();
        var squares = logs.Sum(log => (log - center) * (log - center));
        var (onMean, offMean) = (diagonal.Average(), off.Average());
        return new(
            onMean, offMean, onMean / offMean, off.Sum() / (off.Sum() + diagonal.Sum()), Math.Sqrt(squares / logs.Length),
            Math.Sqrt(squares / (logs.Length - 1)));
    }

    public static double[][] Mean(IReadOnlyList<double[][]> matrices) =>
        [.. matrices[0].Select((row, i) => row.Select((_, j) => matrices.Average(matrix => matrix[i][j])).ToArray())];

    internal static double[][] Zeros(int classes) => [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];

    internal static void Divide(double[][] matrix, int[][] counts)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            for (var j = 0; j < matrix.Length; j++)
            {
                matrix[i][j] /= counts[i][j];
            }
        }
    }
}
