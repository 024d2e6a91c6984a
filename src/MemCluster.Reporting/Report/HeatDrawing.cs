using System.Collections.Immutable;

namespace MemCluster.Reporting.Report;

/// <summary>A map of cells with the value written in each: the shade only adds to it.</summary>
public static class HeatDrawing
{
    private const double CellWidth = 56;
    private const double CellHeight = 30;

    public static Drawing Of(ReportFigure.Heat heat, HeatPanel panel)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>();
        var left = 16 + Math.Max(heat.RowAxis.Length + 2, heat.Rows.Max(row => ShortName.Of(row).Length)) * 6.4;
        // Long names of columns stand upright.
        var longest = heat.Columns.Max(column => ShortName.Of(column).Length);
        var width = Math.Max(left + Math.Max(heat.Columns.Length * CellWidth, heat.ColumnAxis.Length * 6.8) + 8, 240);
        var titles = heat.Panels.Max(other => PanelTitle.Lines(other.Title, width - 8).Length) * PanelTitle.LineHeight;
        var top = (titles > 0 ? 45 : 40) + titles + (longest > 8 ? (longest - 2) * 6.2 : 0);
        double[] all = [.. heat.Panels.SelectMany(other => other.Cells).SelectMany(row => row).OfType<double>()];
        var (least, most) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        marks.AddRange(PanelTitle.Marks(panel.Title, width - 8, 8));
        marks.Add(new Mark.Label(left - 8, top - 8, heat.RowAxis, 11, Anchor.End, Ink.Faint));
        marks.Add(new Mark.Label(left, titles + (titles > 0 ? 21 : 16), heat.ColumnAxis, 11, Anchor.Start, Ink.Faint));
        for (var column = 0; column < heat.Columns.Length; column++)
        {
            marks.Add(longest > 8
                ? new Mark.Label(left + (column + .5) * CellWidth + 4, top - 8, ShortName.Of(heat.Columns[column]), 11, Anchor.Start, Ink.Text, Upright: true)
                : new Mark.Label(left + (column + .5) * CellWidth, top - 8, heat.Columns[column], 11, Anchor.Middle, Ink.Text));
        }

        for (var row = 0; row < heat.Rows.Length; row++)
        {
            var y = top + row * CellHeight;
            marks.Add(new Mark.Label(left - 8, y + 19, ShortName.Of(heat.Rows[row]), 12, Anchor.End, Ink.Text));
            for (var column = 0; column < heat.Columns.Length; column++)
            {
                var x = left + column * CellWidth;
                ImmutableArray<(double, double)> box = [(x + 1, y + 1), (x + CellWidth - 1, y + 1), (x + CellWidth - 1, y + CellHeight - 1), (x + 1, y + CellHeight - 1)];
                var cell = panel.Cells[row][column];
                marks.Add(new Mark.Area(box, cell is null ? Ink.Grid : Ink.Heat, cell is { } value && most > least ? 0.06 + 0.5 * (value - least) / (most - least) : 0.2));
                marks.Add(new Mark.Label(x + CellWidth / 2, y + 19, cell is { } shown ? ReportNumbers.Of(shown) : "·", 12, Anchor.Middle, Ink.Text));
            }
        }

        var description = string.Join(". ", heat.Rows.Select((row, index) => $"{row}: {string.Join(", ", panel.Cells[index].Select(cell => cell is { } value ? ReportNumbers.Of(value) : "none"))}"));
        return new(width, top + heat.Rows.Length * CellHeight + 8, panel.Title.Length > 0 ? $"{heat.Title}, {panel.Title}" : heat.Title,
            $"{heat.RowAxis} by {heat.ColumnAxis} ({string.Join(", ", heat.Columns)}). {description}.", marks.ToImmutable());
    }
}
