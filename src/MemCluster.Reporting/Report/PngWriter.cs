using System.Collections.Immutable;
using SkiaSharp;

namespace MemCluster.Reporting.Report;

/// <summary>Marks as pixels, two for each unit, on white: for slides and papers that take no SVG.</summary>
public static class PngWriter
{
    private const float PixelsPerUnit = 2;

    public static byte[] Of(Drawing drawing)
    {
        using var bitmap = new SKBitmap((int)Math.Ceiling(drawing.Width * PixelsPerUnit), (int)Math.Ceiling(drawing.Height * PixelsPerUnit));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.Scale(PixelsPerUnit);
        using var fonts = new PngFonts();
        foreach (var mark in drawing.Marks)
        {
            Draw(canvas, mark, fonts);
        }

        using var image = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return image.ToArray();
    }

    private static void Draw(SKCanvas canvas, Mark mark, PngFonts fonts)
    {
        switch (mark)
        {
            case Mark.Path path:
                Stroke(canvas, path.Points, false, path.Ink, path.Width, path.Dash);
                break;
            case Mark.Area area:
                Fill(canvas, area.Points, area.Ink, area.Opacity);
                break;
            case Mark.Shape shape:
                var outline = MarkerShapes.Of(shape.Marker, shape.X, shape.Y, shape.Size);
                foreach (var part in outline.Parts)
                {
                    if (outline.IsClosed && !shape.Open)
                    {
                        Fill(canvas, part, shape.Ink, 1);
                    }
                    else
                    {
                        Stroke(canvas, part, outline.IsClosed, shape.Ink, 1.6, []);
                    }
                }

                break;
            case Mark.Label label:
                using (var font = new SKFont(label.Bold ? fonts.Bold : fonts.Plain, (float)label.Size))
                using (var paint = new SKPaint { Color = ColourOf(label.Ink), IsAntialias = true })
                {
                    canvas.Save();
                    canvas.Translate((float)label.X, (float)label.Y);
                    canvas.RotateDegrees(label.Upright ? -90 : 0);
                    var align = label.Anchor switch { Anchor.Start => SKTextAlign.Left, Anchor.Middle => SKTextAlign.Center, _ => SKTextAlign.Right };
                    canvas.DrawText(label.Text, 0, 0, align, font, paint);
                    canvas.Restore();
                }

                break;
        }
    }

    private static void Stroke(SKCanvas canvas, ImmutableArray<(double X, double Y)> points, bool closed, Ink ink, double width, ImmutableArray<double> dash)
    {
        using var path = PathOf(points, closed);
        using var effect = dash.IsEmpty ? null : SKPathEffect.CreateDash([.. (dash.Length % 2 == 0 ? dash : [.. dash, .. dash]).Select(part => (float)part)], 0);
        using var paint = new SKPaint { Color = ColourOf(ink), IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = (float)width, PathEffect = effect };
        canvas.DrawPath(path, paint);
    }

    private static void Fill(SKCanvas canvas, ImmutableArray<(double X, double Y)> points, Ink ink, double opacity)
    {
        using var path = PathOf(points, closed: true);
        using var paint = new SKPaint { Color = ColourOf(ink).WithAlpha((byte)Math.Round(255 * opacity)), IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    private static SKPath PathOf(ImmutableArray<(double X, double Y)> points, bool closed)
    {
        var path = new SKPath();
        path.AddPoly([.. points.Select(point => new SKPoint((float)point.X, (float)point.Y))], closed);
        return path;
    }

    private static SKColor ColourOf(Ink ink) => SKColor.Parse(Palette.Light(ink));
}
