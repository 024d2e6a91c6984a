using System.Collections.Immutable;
using MemCluster.Statistics;

namespace MemCluster.Reporting.Report;

/// <summary>Hexagons, the more of their ink the more examples they hold, and a diamond where some of them are wrong: told by shape, not by colour alone.</summary>
public static class DensityDrawing
{
    private const double TextSize = 12;
    private const double Left = 84;
    private const double Plot = ChartDrawing.Width - Left - 12;

    // Of a single example's hexagon: it has to be seen on the page.
    private const double Faintest = 0.14;

    public static Drawing Of(ReportFigure.Density figure, DensityPanel panel)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>();
        const double right = Left + Plot, room = ChartDrawing.Width - Left;
        var top = panel.Title.Length > 0 ? 11 + PanelTitle.LineHeight * figure.Panels.Max(other => PanelTitle.Lines(other.Title, room).Length) : 12;
        var bottom = top + Plot * ReportFigure.Density.Aspect;
        (double X, double Y) At(double x, double y) => (Math.Clamp(Left + x * Plot, Left, right), Math.Clamp(bottom - y * Plot, top, bottom));

        marks.AddRange(PanelTitle.Marks(panel.Title, room, Left));
        foreach (var tick in figure.Y.Ticks(6))
        {
            var (_, at) = At(0, figure.Y.At(tick));
            marks.Add(new Mark.Path([(Left, at), (right, at)], Ink.Grid, 1, []));
            marks.Add(new Mark.Label(Left - 6, at + 4, Scale.TextOf(tick), TextSize - 1, Anchor.End, Ink.Faint));
        }

        foreach (var tick in figure.X.Ticks(6))
        {
            var (at, _) = At(figure.X.At(tick), 0);
            marks.Add(new Mark.Path([(at, bottom), (at, bottom + 4)], Ink.Faint, 1, []));
            marks.Add(new Mark.Label(at, bottom + 17, Scale.TextOf(tick), TextSize - 1, Anchor.Middle, Ink.Faint));
        }

        // One shade for all panels, so that they can be compared.
        var most = Math.Max(2, figure.Panels.SelectMany(other => other.Bins).Select(bin => bin.Count).DefaultIfEmpty(0).Max());
        double Share(int count) => Math.Log(count) / Math.Log(most);
        foreach (var bin in panel.Bins)
        {
            marks.Add(new Mark.Area([.. Corners(bin).Select(corner => At(corner.X, corner.Y))], Ink.Heat, Faintest + (1 - Faintest) * Share(bin.Count)));
        }

        foreach (var bin in panel.Bins.Where(bin => bin.Marked > 0))
        {
            var (x, y) = At(bin.X, bin.Y);
            marks.Add(new Mark.Shape(x, y, Marker.Diamond, Ink.Page, false, 2.6 + 2 * Share(bin.Marked)));
            marks.Add(new Mark.Shape(x, y, Marker.Diamond, Ink.Series1, false, 1.8 + 2 * Share(bin.Marked)));
        }

        marks.Add(new Mark.Path([(Left, top), (Left, bottom), (right, bottom)], Ink.Faint, 1, []));
        marks.Add(new Mark.Label((Left + right) / 2, bottom + 36, figure.XLabel, TextSize, Anchor.Middle, Ink.Text));
        marks.Add(new Mark.Label(13, (top + bottom) / 2, figure.YLabel, TextSize, Anchor.Middle, Ink.Text, Upright: true));
        marks.Add(new Mark.Label((Left + right) / 2, bottom + 54, panel.Says, TextSize - 1, Anchor.Middle, Ink.Faint));
        return new(
            ChartDrawing.Width, bottom + 62, panel.Title.Length > 0 ? $"{figure.Title}, {panel.Title}" : figure.Title,
            $"{figure.YLabel} over {figure.XLabel}: {panel.Says}. {Described(figure, panel)}", marks.ToImmutable());
    }

    private static IEnumerable<(double X, double Y)> Corners(HexagonalBin bin)
    {
        const double radius = ReportFigure.Density.BinWidth / 1.7320508075688772;
        return Enumerable.Range(0, 6).Select(corner => (bin.X + radius * Math.Sin(corner * Math.PI / 3), bin.Y + radius * Math.Cos(corner * Math.PI / 3)));
    }

    /// <summary>For those who listen: how many examples lie in each corner of the picture.</summary>
    private static string Described(ReportFigure.Density figure, DensityPanel panel)
    {
        var (x, y) = (figure.X.ValueAt(0.5), figure.Y.ValueAt(ReportFigure.Density.Aspect / 2));
        string Count(bool isRight, bool isUpper)
        {
            var bins = panel.Bins.Where(bin => bin.X >= 0.5 == isRight && bin.Y >= ReportFigure.Density.Aspect / 2 == isUpper).ToArray();
            var wrong = bins.Sum(bin => bin.Marked);
            return $"{Numbers.Count(bins.Sum(bin => bin.Count))}{(wrong > 0 ? $" ({Numbers.Count(wrong)} wrong)" : "")}";
        }

        return $"Parted at {figure.XLabel} {ReportNumbers.Of(x)} and {figure.YLabel} {ReportNumbers.Of(y)}, examples with both small: {Count(false, false)}; only {figure.XLabel} large: "
            + $"{Count(true, false)}; only {figure.YLabel} large: {Count(false, true)}; both large: {Count(true, true)}.";
    }
}
