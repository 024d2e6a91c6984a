namespace MemCluster.Reporting.Tables;

/// <summary>A heat map as lines: the value stands in every cell, and where there is colour, a shade from the least to the most behind it.</summary>
public static class HeatMapText
{
    public static IEnumerable<Line> Lines(HeatMap map)
    {
        var values = map.Blocks.SelectMany(block => block.Cells).SelectMany(row => row).Select(cell => cell.Value).OfType<double>().ToArray();
        var (least, most) = values.Length > 0 ? (values.Min(), values.Max()) : (0, 0);
        var range = values.Length > 0 ? $", from {Text(least)} to {Text(most)}" : "";
        yield return new(Line.Fit($"{map.Sweep}  {map.Measure}, mean over seeds{range}", Line.Width), Tone.Strong);

        var corner = map.ColumnAxis.Length > 0 ? $"{map.RowAxis} ╲ {map.ColumnAxis}" : map.RowAxis;
        var first = Math.Min(36, map.Rows.Append(corner).Max(row => row.Length));
        var width = Math.Min(16, Math.Max(7, map.Columns.Append("").Max(column => column.Length)));
        var fitting = Math.Max(1, Math.Min(map.Columns.Length, (Line.Width - 2 - first) / (width + 2)));
        foreach (var block in map.Blocks)
        {
            if (block.Title.Length > 0)
            {
                yield return new(Line.Fit("  " + block.Title, Line.Width), Tone.Strong);
            }

            yield return new("  " + Fit(corner, first).PadRight(first)
                + string.Concat(map.Columns.Take(fitting).Select(column => "  " + Fit(column, width).PadLeft(width))), Tone.Faint);
            for (var row = 0; row < map.Rows.Length; row++)
            {
                yield return RowOf(Fit(map.Rows[row], first).PadRight(first), [.. block.Cells[row].Take(fitting)], width, least, most);
            }
        }

        var hidden = fitting < map.Columns.Length ? $"{Numbers.Count(map.Columns.Length - fitting)} columns" : map.Hidden;
        yield return new($"  · pending  ▒ running  ✗ without a value{(hidden.Length > 0 ? $"; not shown: {hidden} (narrow it with --where)" : "")}", Tone.Faint);
    }

    /// <summary>The value; then a mark where the cell is not complete: what still runs is more worth knowing than what failed, that more than what waits.</summary>
    public static string CellText(HeatCell cell)
    {
        var mark = cell.Running > 0 ? "▒" : cell.Empty > 0 ? "✗" : cell.Pending > 0 ? "·" : "";
        return cell.IsNone ? "" : cell.Value is { } value ? Text(value) + (mark.Length > 0 ? mark : " ") : mark + " ";
    }

    private static Line RowOf(string name, IReadOnlyList<HeatCell> cells, int width, double least, double most)
    {
        var line = "  " + name;
        var shades = new List<Shade>();
        foreach (var cell in cells)
        {
            line += " ";
            if (cell.Value is { } value)
            {
                shades.Add(new(line.Length, width + 1, most > least ? (value - least) / (most - least) : 0.5));
            }

            line += Fit(CellText(cell), width + 1).PadLeft(width + 1);
        }

        return new Line(line.TrimEnd()) { Shades = shades };
    }

    /// <summary>Shares as papers print them; epochs and losses as short as they can be told apart.</summary>
    private static string Text(double value) => value is >= 0 and <= 1 ? Numbers.Share(value)
        : value == Math.Floor(value) ? Numbers.Count((long)value)
        : value.ToString("#,0.0##", System.Globalization.CultureInfo.InvariantCulture);

    private static string Fit(string text, int width) => Line.Fit(text, width);
}
