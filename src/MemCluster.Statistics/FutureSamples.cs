using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace MemCluster.Statistics;

/// <summary>
/// Means and deviations that a larger sample may have, drawn from what a first one has shown. Each result, such as one of a seed, is a row of several numbers
/// that belong together; rows are taken to be normal, with the means and covariances of those seen. New rows are not drawn one by one: their mean is normal
/// around the true one, and their sums of squares are those of a Wishart matrix by Bartlett's decomposition (Bartlett 1933), so a sample of a thousand costs
/// what one of ten does.
/// </summary>
public sealed class FutureSamples
{
    /// <summary>Directions in which the rows seen vary less than by this share of the most vary by rounding only.</summary>
    private const double Negligible = 1e-12;

    private readonly double[] _least;
    private readonly bool[] _isAlone;
    private readonly double[][] _factor;

    /// <summary>By how many of the rows are known: means, and sums of squares around them.</summary>
    private readonly (double[] Means, double[] Squares)[] _known;

    private readonly int _rank;

    /// <param name="seen">At least two rows of the same length, without a NaN.</param>
    /// <param name="leastDeviation">
    /// By column, what its deviation is not taken for less than (as in <see cref="Summary"/>), 0 for none. A column that varies less varies by so much, and by
    /// itself.
    /// </param>
    public FutureSamples(IReadOnlyList<double[]> seen, IReadOnlyList<double> leastDeviation)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(leastDeviation);
        ArgumentOutOfRangeException.ThrowIfLessThan(seen.Count, 2, nameof(seen));
        (Seen, Columns, _least) = (seen.Count, seen[0].Length, [.. leastDeviation]);
        _known = KnownOf(seen);
        var deviations = Array.ConvertAll(_known[Seen].Squares, squares => Math.Sqrt(squares / (Seen - 1)));
        _isAlone = [.. deviations.Select((deviation, column) => deviation < _least[column])];
        IsConstant = !Array.Exists(_isAlone, alone => alone) && Array.TrueForAll(deviations, deviation => deviation == 0);
        (_factor, _rank) = FactorOf(seen);
    }

    /// <summary>Rows seen.</summary>
    public int Seen { get; }

    public int Columns { get; }

    /// <summary>Nothing varies, so nothing is known of how it may.</summary>
    public bool IsConstant { get; }

    /// <param name="size">Rows of the sample; at least 2.</param>
    /// <param name="known">How many of them are the first ones seen; the others are drawn. At most the size, and at most as many as were seen.</param>
    /// <param name="isAsSeen">
    /// True: means and spread are truly those seen, as in a calculation of power (Cohen 1988). False: they are drawn, too, from what the rows seen leave open: a
    /// variance s²·(n − 1)/χ², a mean around that seen, with the reference prior of a normal sample (assurance: O'Hagan et al. 2005; predictive power:
    /// Spiegelhalter et al. 1986). For one column that is exact; of several the spread of all is drawn as one, as more is not known of it than of any.
    /// </param>
    /// <param name="means">Gets the mean of each column.</param>
    /// <param name="deviations">Gets their deviations, in the unbiased form.</param>
    public void Draw(int size, int known, bool isAsSeen, Random draws, Span<double> means, Span<double> deviations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(known, Math.Min(size, Seen));
        var fresh = size - known;
        var scale = isAsSeen ? 1 : Math.Sqrt((Seen - 1) / ChiSquared(draws, Seen - 1));
        var (truth, drawn, squares) = (isAsSeen ? null : Normals(draws, _rank), Normals(draws, _rank), fresh < 2 ? [] : WishartOf(draws, fresh - 1));
        for (var column = 0; column < Columns; column++)
        {
            var (mean, sum) = (_known[known].Means[column], _known[known].Squares[column]);
            if (fresh > 0)
            {
                // The first is how far the true mean may lie from that seen, the second how far the new rows' mean lies from the true one.
                var around = (truth is null ? 0 : Along(column, truth, draws) / Math.Sqrt(Seen)) + Along(column, drawn, draws) / Math.Sqrt(fresh);
                var (other, apart) = (_known[Seen].Means[column] + scale * around, 0.0);
                if (fresh > 1)
                {
                    apart = scale * scale * (_isAlone[column] ? _least[column] * _least[column] * ChiSquared(draws, fresh - 1) : SquaresAlong(column, squares));
                }

                sum += apart + (double)known * fresh / size * (other - mean) * (other - mean);
                mean = (known * mean + fresh * other) / size;
            }

            (means[column], deviations[column]) = (mean, Math.Max(_least[column], Math.Sqrt(sum / (size - 1))));
        }
    }

    private double Along(int column, double[] normals, Random draws)
    {
        if (_isAlone[column])
        {
            return _least[column] * Normal.Sample(draws, 0, 1);
        }

        var sum = 0.0;
        for (var direction = 0; direction < _rank; direction++)
        {
            sum += _factor[column][direction] * normals[direction];
        }

        return sum;
    }

    /// <summary>Rows whose products with a column of the factor, squared and summed, are sums of squares of that many degrees of freedom.</summary>
    private double[][] WishartOf(Random draws, int freedom)
    {
        if (freedom <= _rank)
        {
            return [.. Enumerable.Range(0, freedom).Select(_ => Normals(draws, _rank))];
        }

        // Bartlett: columns of a lower triangle with √χ² on its diagonal, one degree of freedom less each, and normals below it.
        var rows = new double[_rank][];
        for (var column = 0; column < _rank; column++)
        {
            rows[column] = new double[_rank];
            rows[column][column] = Math.Sqrt(ChiSquared(draws, freedom - column));
            for (var row = column + 1; row < _rank; row++)
            {
                rows[column][row] = Normal.Sample(draws, 0, 1);
            }
        }

        return rows;
    }

    private double SquaresAlong(int column, double[][] rows)
    {
        var sum = 0.0;
        foreach (var row in rows)
        {
            var product = 0.0;
            for (var direction = 0; direction < _rank; direction++)
            {
                product += row[direction] * _factor[column][direction];
            }

            sum += product * product;
        }

        return sum;
    }

    private static double[] Normals(Random draws, int count)
    {
        var normals = new double[count];
        Normal.Samples(draws, normals, 0, 1);
        return normals;
    }

    // MathNet's own draws of χ² are sums of as many squares as there are degrees of freedom.
    private static double ChiSquared(Random draws, int freedom) => Gamma.Sample(draws, freedom / 2.0, 0.5);

    private static (double[], double[])[] KnownOf(IReadOnlyList<double[]> seen)
    {
        var known = new (double[] Means, double[] Squares)[seen.Count + 1];
        known[0] = (new double[seen[0].Length], new double[seen[0].Length]);
        for (var row = 0; row < seen.Count; row++)
        {
            var (means, squares) = ((double[])known[row].Means.Clone(), (double[])known[row].Squares.Clone());
            for (var column = 0; column < means.Length; column++)
            {
                var step = seen[row][column] - means[column];
                means[column] += step / (row + 1);
                squares[column] += step * (seen[row][column] - means[column]);
            }

            known[row + 1] = (means, squares);
        }

        return known;
    }

    /// <summary>
    /// By column, what independent normals are to be multiplied by to have the covariances of the rows seen. There are fewer rows than columns, as a rule: so
    /// through the rows' own products.
    /// </summary>
    private (double[][], int) FactorOf(IReadOnlyList<double[]> seen)
    {
        var apart = Matrix<double>.Build.Dense(Seen, Columns, (row, column) => _isAlone[column] ? 0 : seen[row][column] - _known[Seen].Means[column]);
        var found = ((apart * apart.Transpose()) / (Seen - 1)).Evd(Symmetricity.Symmetric);
        var most = found.EigenValues.Max(value => value.Real);
        int[] kept = [.. Enumerable.Range(0, Seen).Where(direction => found.EigenValues[direction].Real > Negligible * most && most > 0)];
        var factor = apart.Transpose() * found.EigenVectors / Math.Sqrt(Seen - 1);
        return ([.. Enumerable.Range(0, Columns).Select(column => kept.Select(direction => factor[column, direction]).ToArray())], kept.Length);
    }
}
