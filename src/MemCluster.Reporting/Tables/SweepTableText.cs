using MemCluster.Messages;

namespace MemCluster.Reporting.Tables;

/// <summary>The end table as lines of at most 100 columns.</summary>
public static class SweepTableText
{
    /// <summary>Rows of blocks that are printed in all; the rest is named, not shown.</summary>
    private const int MaxPrintedRows = 80;

    public static IReadOnlyList<Line> Lines(SweepTable table)
    {
        var lines = new List<Line>();
        if (table.HasAccuracies)
        {
            Blocks(table, lines);
            Gaps(table, lines);
        }

        return lines;
    }

    /// <summary><c>135 trials: 133 finished, 2 diverged</c>.</summary>
    public static string CountsOf(TrialCounts counts)
    {
        (int Number, string State)[] parts =
        [
            (counts.Finished, "finished"), (counts.Diverged, "diverged"), (counts.Failed, "failed"), (counts.Cancelled, "cancelled"),
            (counts.Running, "running"), (counts.Pending, "pending"),
        ];
        var there = parts.Where(part => part.Number > 0).Select(part => $"{Numbers.Count(part.Number)} {part.State}");
        return $"{Numbers.Count(counts.Trials, "trial", "trials")}: {string.Join(", ", there)}";
    }

    private static void Blocks(SweepTable table, List<Line> lines)
    {
        var corner = table.ColumnAxis.Length > 0 ? $"{table.RowAxis} ╲ {table.ColumnAxis}" : table.RowAxis;
        var cells = table.Blocks.SelectMany(block => block.Cells).SelectMany(row => row).Select(CellText).ToArray();
        var first = Math.Min(40, Math.Max(corner.Length, table.Rows.Max(row => row.Length)));
        var width = Math.Min(28, Math.Max(cells.Max(cell => cell.Length), table.Columns.Max(column => column.Length)));
        var fitting = Math.Max(1, Math.Min(table.Columns.Length, (Line.Width - 2 - first) / (width + 2)));
        var layout = new TextTable([(first, false), .. Enumerable.Repeat((width, true), fitting)], indent: 2);
        var what = table.Seeds == 1
            ? "best validation accuracy, one seed"
            : $"best validation accuracy, mean ± 95 % interval over {(table.LeastSeeds < table.Seeds ? $"{table.LeastSeeds} to " : "")}{table.Seeds} seeds";
        var (printed, blocks) = (0, 0);
        foreach (var block in table.Blocks)
        {
            if (printed > 0 && printed + block.Cells.Length > MaxPrintedRows)
            {
                break;
            }

            var title = Line.Fit(block.Title, Line.Width - what.Length - 3);
            lines.Add(new(blocks > 0 ? title : title.Length == 0 ? what : $"{title.PadRight(30)}   {what}", Tone.Strong));
            lines.Add(new(layout.Row([corner, .. table.Columns.Take(fitting)]), Tone.Faint));
            lines.AddRange(block.Cells.Select((row, index) => (Line)layout.Row([table.Rows[index], .. row.Take(fitting).Select(CellText)])));
            printed += block.Cells.Length;
            blocks++;
        }

        if (cells.Any(cell => cell.EndsWith('*')))
        {
            lines.Add(new("  * without the trials of this cell that diverged or failed", Tone.Faint));
        }

        Hidden(lines, table.Columns.Length - fitting + table.HiddenColumns, $"values of {table.ColumnAxis}");
        Hidden(lines, table.HiddenRows, $"values of {table.RowAxis}");
        Hidden(lines, table.Blocks.Length - blocks + table.HiddenBlocks, "tables like these");
    }

    private static void Hidden(List<Line> lines, long number, string what)
    {
        if (number > 0)
        {
            lines.Add(new($"  … and {Numbers.Count(number)} more {what}: see trials.csv", Tone.Faint));
        }
    }

    private static string CellText(TableCell cell)
    {
        if (cell.Mean is not { } mean)
        {
            return cell.Diverged > 0 ? "diverged" : cell.Failed > 0 ? "failed" : "·";
        }

        var mark = cell.Diverged + cell.Failed > 0 ? "*" : "";
        return cell.HalfWidth is { } half ? $"{Numbers.Share(mean)} ± {Numbers.Share(half)}{mark}" : Numbers.Share(mean) + mark;
    }

    private static void Gaps(SweepTable table, List<Line> lines)
    {
        const string Heading = "Gap between best and last (memorization)";
        var line = Heading;
        foreach (var gap in table.Gaps.Take(TableLayout.MaxRows))
        {
            var text = "   " + (gap.Value.Length > 0 ? Line.Fit(gap.Value, 40) + " " : "") + Numbers.Share(gap.Mean);
            if (line.Length + text.Length > Line.Width)
            {
                lines.Add(line);
                line = new string(' ', Heading.Length);
            }

            line += text;
        }

        if (table.Gaps.Length > 0)
        {
            lines.Add(line);
        }
    }
}
