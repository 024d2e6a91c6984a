using System.Collections.Immutable;
using System.Globalization;

namespace MemCluster.Reporting.Report;

/// <summary>The drawings of a figure, one for each panel, and its numbers as a table.</summary>
public static class FigureDrawings
{
    private const int MostRows = 400;

    /// <returns>Each with a name for its file.</returns>
    public static IEnumerable<(Drawing Drawing, string Name)> Of(ReportFigure figure) => figure switch
    {
        ReportFigure.Chart chart => chart.Panels.Select((panel, index) => (ChartDrawing.Of(chart, panel, small: chart.Panels.Length > 6), NameOf(chart, index, chart.Panels.Length))),
        ReportFigure.Heat heat => heat.Panels.Select((panel, index) => (HeatDrawing.Of(heat, panel), NameOf(heat, index, heat.Panels.Length))),
        ReportFigure.Density density => density.Panels.Select((panel, index) => (DensityDrawing.Of(density, panel), NameOf(density, index, density.Panels.Length))),
        _ => [],
    };

    /// <summary>Null where the figure shows its numbers already, or has too many of them to read.</summary>
    public static ReportTable? Numbers(ReportFigure figure)
    {
        if (figure is not ReportFigure.Chart chart || chart.Panels.Sum(panel => panel.Series.Sum(series => series.Points.Length)) is 0 or > MostRows)
        {
            return null;
        }

        var rows = chart.Panels.SelectMany(panel => panel.Series.SelectMany(series => series.Points.Select(point => (ImmutableArray<string>)
        [
            panel.Title, series.Name, ChartDrawing.XText(chart, point.X), (point.Bound ? "≥ " : "") + ReportNumbers.Of(point.Y),
            double.IsNaN(point.Low) ? "" : $"{ReportNumbers.Of(point.Low)} to {ReportNumbers.Of(point.High)}",
        ])));
        return new("", "", ["", "", chart.XLabel, chart.YLabel, "95 % interval"], [false, false, true, true, true], [.. rows]);
    }

    private static string NameOf(ReportFigure figure, int panel, int panels) =>
        panels == 1 ? figure.Name : figure.Name + string.Create(CultureInfo.InvariantCulture, $"-{panel + 1}");
}
