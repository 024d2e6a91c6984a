using System.Text;

namespace MemCluster.Reporting.Tables;

/// <summary>Columns of text set under each other with two spaces between; the widest give way when a line would be too long.</summary>
public sealed class TextTable
{
    private const int Gap = 2;
    private readonly int[] _widths;
    private readonly bool[] _right;

    /// <param name="columns">Each column's widest text and whether it is set to the right (numbers are).</param>
    /// <param name="width">The longest line there may be.</param>
    public TextTable(IReadOnlyList<(int Widest, bool Right)> columns, int width = Line.Width, int indent = 0)
    {
        _widths = [.. columns.Select(column => column.Widest)];
        _right = [.. columns.Select(column => column.Right)];
        Indent = indent;
        // Shrink the widest column by one until all fit: columns that are narrow already keep their width.
        while (_widths.Sum() + Gap * (_widths.Length - 1) + indent > width)
        {
            var widest = Array.IndexOf(_widths, _widths.Max());
            if (_widths[widest] <= 3)
            {
                break;
            }

            _widths[widest]--;
        }
    }

    private int Indent { get; }

    public string Row(IReadOnlyList<string> cells)
    {
        var line = new StringBuilder().Append(' ', Indent);
        for (var column = 0; column < _widths.Length; column++)
        {
            var text = Line.Fit(column < cells.Count ? cells[column] : "", _widths[column]);
            line.Append(_right[column] ? text.PadLeft(_widths[column]) : text.PadRight(_widths[column])).Append(' ', Gap);
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>A small table whose rows are all at hand; the first row is its heading.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<bool> right, int indent = 0)
    {
        var columns = right.Select((toRight, column) => (rows.Max(row => row[column].Length), toRight)).ToArray();
        var table = new TextTable(columns, indent: indent);
        return [.. rows.Select(table.Row)];
    }
}
