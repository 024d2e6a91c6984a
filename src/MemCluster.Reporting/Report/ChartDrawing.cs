using System.Collections.Immutable;

namespace MemCluster.Reporting.Report;

/// <summary>A panel of a chart as marks: axes with names and ticks, series with intervals, their names at their right ends.</summary>
public static class ChartDrawing
{
    /// <summary>Of a panel that is not one of many.</summary>
    public const double Width = 480;

    private const double TextSize = 12;
    private const double LetterWidth = 6.3;

    // Where a title begins at the latest, below which its panel's axis stands.
    private const double TitleIndent = 78;

    /// <param name="small">One of many: narrower, without names at the series.</param>
    public static Drawing Of(ReportFigure.Chart chart, ChartPanel panel, bool small)
    {
        var marks = ImmutableArray.CreateBuilder<Mark>();
        var names = small || panel.Series.Length == 1 && panel.Series[0].Name.Length == 0 ? [] : panel.Series.Where(series => series.Points.Length > 0).ToArray();
        var right = names.Length == 0 ? 12 : 44 + names.Max(series => ShortName.Of(series.Name).Length) * LetterWidth;
        var (width, plot) = small ? (300.0, 138.0) : (Width, 272.0);
        var top = panel.Title.Length > 0 ? 11 + PanelTitle.LineHeight * chart.Panels.Max(other => PanelTitle.Lines(other.Title, width - TitleIndent).Length) : 12;
        var bottom = top + plot;
        var y = YScale(chart, bottom, top);
        var ticks = y.Ticks(small ? 4 : 6);
        var left = 26 + Math.Max(3, ticks.Select(tick => Scale.TextOf(tick).Length).DefaultIfEmpty(3).Max()) * LetterWidth;
        var x = chart.XTicks.Length > 0
            ? new Scale(0.5, chart.XTicks.Length + 0.5, false, left, width - right)
            : Scale.Over(chart.Panels.SelectMany(other => other.Series).SelectMany(series => series.Points).Select(point => point.X), chart.LogX, left, width - right, 0.03);
        marks.AddRange(PanelTitle.Marks(panel.Title, width - TitleIndent, left));
        foreach (var tick in ticks)
        {
            marks.Add(new Mark.Path([(left, y.At(tick)), (width - right, y.At(tick))], Ink.Grid, 1, []));
            marks.Add(new Mark.Label(left - 6, y.At(tick) + 4, Scale.TextOf(tick), TextSize - 1, Anchor.End, Ink.Faint));
        }

        var height = bottom + XTicks(marks, chart, x, left, width - right, bottom) + 20;
        marks.Add(new Mark.Path([(left, top), (left, bottom), (width - right, bottom)], Ink.Faint, 1, []));
        marks.Add(new Mark.Label((left + width - right) / 2, height - 8, chart.XLabel, TextSize, Anchor.Middle, Ink.Text));
        marks.Add(new Mark.Label(13, (top + bottom) / 2, Line.Fit(chart.YLabel, (int)((bottom - top) / 5.6)), TextSize, Anchor.Middle, Ink.Text, Upright: true));

        for (var index = 0; index < panel.Series.Length; index++)
        {
            // Intervals of one place side by side, so that none hides another.
            var aside = panel.Series[index].IsCurve || panel.Series[index].IsStep ? 0 : (index - (panel.Series.Length - 1) / 2.0) * Math.Min(2.5, 12.0 / panel.Series.Length);
            Draw(marks, panel.Series[index], x, y, aside);
        }

        Names(marks, names, x, y, width - right, top, bottom);
        var description = string.Join(". ", panel.Series.Select(series => $"{(series.Name.Length > 0 ? series.Name : chart.YLabel)}: "
            + string.Join(", ", Thinned(series.Points, 8).Select(point => $"{ReportNumbers.Of(point.Y)} at {XText(chart, point.X)}"))));
        return new(width, height, panel.Title.Length > 0 ? $"{chart.Title}, {panel.Title}" : chart.Title, $"{chart.YLabel} over {chart.XLabel}. {description}.", marks.ToImmutable());
    }

    public static string XText(ReportFigure.Chart chart, double x) =>
        chart.XTicks.Length > 0 && x >= 1 && x <= chart.XTicks.Length ? chart.XTicks[(int)x - 1] : Scale.TextOf(x);

    /// <summary>Intervals of few seeds may be far longer than what is to be seen; they are cut at the frame.</summary>
    private static Scale YScale(ReportFigure.Chart chart, double from, double to)
    {
        var points = chart.Panels.SelectMany(panel => panel.Series).SelectMany(series => series.Points).ToArray();
        double[] values = [.. points.Select(point => point.Y).Where(double.IsFinite)];
        if (values.Length == 0)
        {
            return Scale.Over([], chart.LogY, from, to);
        }

        var span = Math.Max(values.Max() - values.Min(), 0.02 * Math.Max(1, Math.Abs(values.Max())));
        var (least, most) = (chart.LogY ? values.Min() / 2 : values.Min() - 0.6 * span, chart.LogY ? values.Max() * 2 : values.Max() + 0.6 * span);
        return Scale.Over(
            values.Concat(points.Where(point => double.IsFinite(point.Low)).Select(point => Math.Max(least, point.Low)))
                .Concat(points.Where(point => double.IsFinite(point.High)).Select(point => Math.Min(most, point.High))), chart.LogY, from, to);
    }

    /// <returns>The height that they take.</returns>
    private static double XTicks(ImmutableArray<Mark>.Builder marks, ReportFigure.Chart chart, Scale x, double left, double right, double bottom)
    {
        double[] own = [.. chart.Panels.SelectMany(panel => panel.Series).SelectMany(series => series.Points).Select(point => point.X).Distinct().Order()];
        var places = chart.XTicks.Length > 0 ? [.. Enumerable.Range(1, chart.XTicks.Length).Select(place => (double)place)]
            : own.Length is > 0 and <= 8 && !chart.Panels.Any(panel => panel.Series.Any(series => series.IsStep)) ? own : x.Ticks((int)((right - left) / 45));
        var last = double.NegativeInfinity;
        // Names that don't fit beside each other stand in two rows, and where that is too little, upright.
        var longest = chart.XTicks.Select(text => ShortName.Of(text).Length).DefaultIfEmpty(0).Max();
        var (rows, slot) = (longest * LetterWidth, (right - left) / Math.Max(1, chart.XTicks.Length));
        var (inTwoRows, upright) = (rows > slot && rows <= 2 * slot - LetterWidth, rows > 2 * slot - LetterWidth && longest > 0);
        for (var index = 0; index < places.Count; index++)
        {
            var (at, text) = (x.At(places[index]), ShortName.Of(XText(chart, places[index])));
            marks.Add(new Mark.Path([(at, bottom), (at, bottom + 4)], Ink.Faint, 1, []));
            if (upright)
            {
                marks.Add(new Mark.Label(at + 4, bottom + 8, text, TextSize - 1, Anchor.End, Ink.Faint, Upright: true));
            }
            else if (inTwoRows)
            {
                marks.Add(new Mark.Label(at, bottom + (index % 2 == 0 ? 16 : 30), text, TextSize - 1, Anchor.Middle, Ink.Faint));
            }
            else if (at - last > text.Length * LetterWidth + 6)
            {
                marks.Add(new Mark.Label(at, bottom + 17, text, TextSize - 1, Anchor.Middle, Ink.Faint));
                last = at;
            }
        }

        return upright ? 12 + longest * 6.0 : inTwoRows ? 34 : 26;
    }

    private static void Draw(ImmutableArray<Mark>.Builder marks, ChartSeries series, Scale x, Scale y, double aside)
    {
        var ink = Styles.InkOf(series.Style);
        var points = series.IsCurve ? Thinned(series.Points, 160) : series.Points;
        var placed = points.Select(point => (Point: point, X: x.At(point.X) + aside, Y: y.At(point.Y))).ToArray();
        if (series.IsCurve)
        {
            var banded = placed.Where(at => double.IsFinite(at.Point.Low) && double.IsFinite(at.Point.High)).ToArray();
            if (banded.Length > 1)
            {
                marks.Add(new Mark.Area([.. banded.Select(at => (at.X, y.At(at.Point.High))), .. banded.Reverse().Select(at => (at.X, y.At(at.Point.Low)))], ink, 0.16));
            }
        }
        else
        {
            foreach (var at in placed.Where(at => !double.IsNaN(at.Point.Low) && !double.IsNaN(at.Point.High)))
            {
                var (low, high) = (y.At(at.Point.Low), y.At(at.Point.High));
                marks.Add(new Mark.Path([(at.X, low), (at.X, high)], ink, 1.2, []));
                marks.Add(new Mark.Path([(at.X - 3, low), (at.X + 3, low)], ink, 1.2, []));
                marks.Add(new Mark.Path([(at.X - 3, high), (at.X + 3, high)], ink, 1.2, []));
            }
        }

        if (placed.Length > 1 && !series.IsLoose)
        {
            var line = series.IsStep
                ? placed.SelectMany((at, index) => index == 0 ? new[] { (at.X, at.Y) } : [(at.X, placed[index - 1].Y), (at.X, at.Y)])
                : placed.Select(at => (at.X, at.Y));
            marks.Add(new Mark.Path([.. line], ink, 1.8, Styles.DashOf(series.Style)));
        }

        // A line needs two points; where there is only one, its marker shows it.
        foreach (var at in series.IsCurve && placed.Length > 1 ? [] : placed)
        {
            marks.Add(new Mark.Shape(at.X, at.Y, Styles.MarkerOf(series.Style), ink, at.Point.Bound, 4));
        }
    }

    /// <summary>Each name at its line's end, moved apart where they would overlap.</summary>
    private static void Names(ImmutableArray<Mark>.Builder marks, ChartSeries[] names, Scale x, Scale y, double right, double top, double bottom)
    {
        var ends = names.Select(series => (Series: series, End: y.At(series.Points[^1].Y), X: x.At(series.Points[^1].X))).OrderBy(end => end.End).ToArray();
        var places = ends.Select(end => end.End).ToArray();
        const double apart = 15;
        for (var index = 0; index < places.Length; index++)
        {
            places[index] = Math.Max(places[index], index == 0 ? top : places[index - 1] + apart);
        }

        for (var index = places.Length - 1; index >= 0; index--)
        {
            places[index] = Math.Min(places[index], index == places.Length - 1 ? bottom : places[index + 1] - apart);
        }

        for (var index = 0; index < ends.Length; index++)
        {
            var (series, end, at) = ends[index];
            var ink = Styles.InkOf(series.Style);
            marks.Add(new Mark.Path([(at + 5, end), (right + 6, places[index])], Ink.Grid, 1, []));
            marks.Add(new Mark.Path([(right + 8, places[index]), (right + 30, places[index])], ink, 1.8, Styles.DashOf(series.Style)));
            if (!series.IsCurve || series.Points.Length == 1)
            {
                marks.Add(new Mark.Shape(right + 19, places[index], Styles.MarkerOf(series.Style), ink, false, 4));
            }

            marks.Add(new Mark.Label(right + 35, places[index] + 4, ShortName.Of(series.Name), TextSize, Anchor.Start, Ink.Text));
        }
    }

    private static ImmutableArray<ChartPoint> Thinned(ImmutableArray<ChartPoint> points, int most)
    {
        var every = (points.Length + most - 1) / Math.Max(1, most);
        return every <= 1 ? points : [.. points.Where((_, index) => index % every == 0 || index == points.Length - 1)];
    }
}
