using MemCluster.Messages;

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
    /// <summary>
    /// An entry that is not defined (a class without examples) makes what depends on it not defined, and so do zeros below a line or under a logarithm; any
    /// other NaN makes it NaN.
    /// </summary>
    public static ClassMatrixSummary Summarize(double[][] matrix)
    {
        double[] diagonal = [.. matrix.Select((row, i) => row[i])];
        double[] off = [.. matrix.SelectMany((row, i) => row.Where((_, j) => j != i))];
        double[] logs = [.. off.Select(Math.Log10)];
        var center = logs.Average();
        var squares = logs.Sum(log => (log - center) * (log - center));
        var (onMean, offMean) = (diagonal.Average(), off.Average());
        double[] all = [.. diagonal, .. off];
        return new(
            Over(diagonal, onMean), Over(off, offMean), Over(all, Defined.Share(onMean, offMean)), Over(all, Defined.Share(off.Sum(), off.Sum() + diagonal.Sum())),
            OfLogs(Math.Sqrt(squares / logs.Length)), OfLogs(Math.Sqrt(squares / (logs.Length - 1))));

        double OfLogs(double deviation) => Over(off, off.Contains(0) ? Absences.NotDefined : deviation);
    }

    public static double[][] Mean(IReadOnlyList<double[][]> matrices) =>
        [.. matrices[0].Select((row, i) => row.Select((_, j) => Over([.. matrices.Select(matrix => matrix[i][j])], matrices.Average(matrix => matrix[i][j]))).ToArray())];

    /// <summary>A number over entries. What a payload becomes in arithmetic is the processor's affair, so it is not relied on.</summary>
    private static double Over(double[] entries, double number) =>
        Array.Exists(entries, entry => Absences.Of(entry) == Absence.Nan) ? double.NaN
        : Array.Exists(entries, entry => Absences.Of(entry) == Absence.NotDefined) ? Absences.NotDefined
        : number;

    internal static double[][] Zeros(int classes) => [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];

    internal static void Divide(double[][] matrix, int[][] counts)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            for (var j = 0; j < matrix.Length; j++)
            {
                matrix[i][j] = Defined.Share(matrix[i][j], counts[i][j]);
            }
        }
    }
}
