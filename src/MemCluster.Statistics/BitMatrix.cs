using System.Numerics;

namespace MemCluster.Statistics;

/// <summary>
/// Yes or no for each example on each occasion (an epoch, or a run): right or wrong, in the training set or not. One bit each, packed by example,
/// because every measure asks about one example over all occasions.
/// </summary>
public sealed class BitMatrix
{
    private readonly ulong[] _words;
    private readonly int _stride;

    private BitMatrix(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        _stride = (rows + 63) / 64;
        _words = new ulong[(long)_stride * columns];
    }

    /// <summary>Occasions, in their order.</summary>
    public int Rows { get; }

    /// <summary>Examples.</summary>
    public int Columns { get; }

    public bool this[int row, int column] => (_words[column * _stride + row / 64] >> (row % 64) & 1) != 0;

    /// <exception cref="ArgumentException">No rows, or rows of different lengths.</exception>
    public static BitMatrix FromRows(IReadOnlyList<bool[]> rows)
    {
        if (rows.Count == 0 || rows.Any(row => row.Length != rows[0].Length))
        {
            throw new ArgumentException("Each occasion needs the answers of the same examples, and there must be one at least.", nameof(rows));
        }

        var matrix = new BitMatrix(rows.Count, rows[0].Length);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                matrix._words[column * matrix._stride + row / 64] |= (rows[row][column] ? 1UL : 0) << (row % 64);
            }
        }

        return matrix;
    }

    /// <summary>On how many occasions the answer was yes.</summary>
    public int Count(int column)
    {
        var count = 0;
        foreach (var word in Words(column))
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>On how many occasions it was yes here and in a column of another matrix over the same occasions.</summary>
    public int CountBoth(int column, BitMatrix other, int otherColumn)
    {
        if (other.Rows != Rows)
        {
            throw new ArgumentException($"The matrices are over {Rows} and {other.Rows} occasions; they must be the same ones.", nameof(other));
        }

        var mine = Words(column);
        var theirs = other.Words(otherColumn);
        var count = 0;
        for (var i = 0; i < mine.Length; i++)
        {
            count += BitOperations.PopCount(mine[i] & theirs[i]);
        }

        return count;
    }

    private ReadOnlySpan<ulong> Words(int column) => _words.AsSpan(column * _stride, _stride);
}
