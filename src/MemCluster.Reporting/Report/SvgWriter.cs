using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace MemCluster.Reporting.Report;

/// <summary>Marks as SVG, with a title and a description for those who listen to it.</summary>
public static class SvgWriter
{
    // In a window narrower than that a figure scrolls, instead of becoming too small to be read.
    private const double Smallest = 0.73;

    /// <param name="id">Its own within the page, for what the title is referred to by.</param>
    /// <param name="isFile">A file of its own brings its colours along; in a page they stand once.</param>
    public static string Of(Drawing drawing, string id, bool isFile)
    {
        var svg = new StringBuilder();
        svg.Append(isFile ? "<svg xmlns=\"http://www.w3.org/2000/svg\"" : "<svg")
            .Append(isFile ? "" : $" style=\"min-width:{N(Smallest * drawing.Width)}px\"")
            .Append($" viewBox=\"0 0 {N(drawing.Width)} {N(drawing.Height)}\" width=\"{N(drawing.Width)}\" height=\"{N(drawing.Height)}\" role=\"img\" aria-labelledby=\"{Text(id)}-t {Text(id)}-d\">")
            .Append($"<title id=\"{Text(id)}-t\">{Text(drawing.Title)}</title><desc id=\"{Text(id)}-d\">{Text(drawing.Description)}</desc>");
        if (isFile)
        {
            svg.Append($"<style>{Palette.Css()}</style><rect class=\"f{(int)Ink.Page}\" width=\"100%\" height=\"100%\"/>");
        }

        foreach (var mark in drawing.Marks)
        {
            Append(svg, mark);
        }

        return svg.Append("</svg>").Append(isFile ? "\n" : "").ToString();
    }

    private static void Append(StringBuilder svg, Mark mark)
    {
        switch (mark)
        {
            case Mark.Path path:
                svg.Append($"<path class=\"l{(int)path.Ink}\" stroke-width=\"{N(path.Width)}\"{Dash(path.Dash)} d=\"{Line(path.Points)}\"/>");
                break;
            case Mark.Area area:
                svg.Append($"<path class=\"f{(int)area.Ink}\" fill-opacity=\"{N(area.Opacity)}\" d=\"{Line(area.Points)}Z\"/>");
                break;
            case Mark.Shape shape:
                var outline = MarkerShapes.Of(shape.Marker, shape.X, shape.Y, shape.Size);
                foreach (var part in outline.Parts)
                {
                    svg.Append(outline.IsClosed && !shape.Open
                        ? $"<path class=\"f{(int)shape.Ink}\" d=\"{Line(part)}Z\"/>"
                        : $"<path class=\"l{(int)shape.Ink}\" stroke-width=\"1.6\" d=\"{Line(part)}{(outline.IsClosed ? "Z" : "")}\"/>");
                }

                break;
            case Mark.Label label:
                var anchor = label.Anchor switch { Anchor.Start => "start", Anchor.Middle => "middle", _ => "end" };
                var turn = label.Upright ? $" transform=\"rotate(-90 {N(label.X)} {N(label.Y)})\"" : "";
                svg.Append($"<text class=\"f{(int)label.Ink}{(label.Bold ? " b" : "")}\" x=\"{N(label.X)}\" y=\"{N(label.Y)}\" font-size=\"{N(label.Size)}\" text-anchor=\"{anchor}\"{turn}>{Text(label.Text)}</text>");
                break;
        }
    }

    private static string Dash(ImmutableArray<double> dash) => dash.IsEmpty ? "" : $" stroke-dasharray=\"{string.Join(' ', dash.Select(N))}\"";

    private static string Line(ImmutableArray<(double X, double Y)> points) => string.Concat(points.Select((point, index) => $"{(index == 0 ? 'M' : 'L')}{N(point.X)} {N(point.Y)}"));

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Safe in text and in attributes; characters that XML does not know at all become a sign that says so.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(string.Concat(text.EnumerateRunes().Select(rune =>
        rune.Value is '\t' or '\n' or '\r' or (>= 0x20 and not 0x7f and not 0xfffe and not 0xffff) ? rune.ToString() : "\uFFFD")));
}

/// <summary>Outlines of the markers.</summary>
internal static class MarkerShapes
{
    public static (bool IsClosed, ImmutableArray<ImmutableArray<(double X, double Y)>> Parts) Of(Marker marker, double x, double y, double size)
    {
        ImmutableArray<(double X, double Y)> Around(int corners, double radius, double turn) =>
            [.. Enumerable.Range(0, corners).Select(corner => (x + radius * Math.Sin(turn + 2 * Math.PI * corner / corners), y - radius * Math.Cos(turn + 2 * Math.PI * corner / corners)))];

        return marker switch
        {
            Marker.Circle => (true, [Around(20, size, 0)]),
            Marker.Square => (true, [Around(4, size * 1.25, Math.PI / 4)]),
            Marker.Triangle => (true, [Around(3, size * 1.35, 0)]),
            Marker.Diamond => (true, [Around(4, size * 1.35, 0)]),
            Marker.TriangleDown => (true, [Around(3, size * 1.35, Math.PI)]),
            Marker.Cross => (false, [[(x - size, y - size), (x + size, y + size)], [(x - size, y + size), (x + size, y - size)]]),
            Marker.Plus => (false, [[(x - size * 1.2, y), (x + size * 1.2, y)], [(x, y - size * 1.2), (x, y + size * 1.2)]]),
            _ => (true, [[.. Enumerable.Range(0, 10).Select(corner => (x + (corner % 2 == 0 ? 1.4 : .6) * size * Math.Sin(Math.PI * corner / 5), y - (corner % 2 == 0 ? 1.4 : .6) * size * Math.Cos(Math.PI * corner / 5)))]]),
        };
    }
}
