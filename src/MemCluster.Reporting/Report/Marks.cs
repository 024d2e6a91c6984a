using System.Collections.Immutable;

namespace MemCluster.Reporting.Report;

/// <summary>What a mark is drawn with; what colour that is depends on the page, dark or light.</summary>
public enum Ink
{
    Text,
    Faint,
    Grid,
    Page,
    Heat,
    Series0,
    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,
    Series7,
}

public enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>Shapes that can be told apart without colour.</summary>
public enum Marker
{
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    Plus,
    Star,
    TriangleDown,
}

/// <summary>Something to draw, in units of the drawing (CSS pixels), y downwards.</summary>
public abstract record Mark
{
    private Mark()
    {
    }

    public sealed record Path(ImmutableArray<(double X, double Y)> Points, Ink Ink, double Width, ImmutableArray<double> Dash) : Mark;

    public sealed record Area(ImmutableArray<(double X, double Y)> Points, Ink Ink, double Opacity) : Mark;

    public sealed record Shape(double X, double Y, Marker Marker, Ink Ink, bool Open, double Size) : Mark;

    public sealed record Label(double X, double Y, string Text, double Size, Anchor Anchor, Ink Ink, bool Bold = false, bool Upright = false) : Mark;
}

/// <summary>A picture, before anybody knows whether it becomes SVG or pixels.</summary>
/// <param name="Title">What a screen reader says first.</param>
/// <param name="Description">What it says then.</param>
public sealed record Drawing(double Width, double Height, string Title, string Description, ImmutableArray<Mark> Marks);

/// <summary>Colour, marker and dash of the series.</summary>
public static class Styles
{
    private static readonly ImmutableArray<ImmutableArray<double>> Dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3], [4, 2], [1, 2], [10, 4], [6, 2, 1, 2, 1, 2]];

    public static Ink InkOf(int style) => Ink.Series0 + style % 8;

    public static Marker MarkerOf(int style) => (Marker)(style % 8);

    public static ImmutableArray<double> DashOf(int style) => Dashes[(style + style / 8) % 8];
}
