using MemCluster.Reporting.Report;
using SkiaSharp;

namespace MemCluster.Reporting.Pictures;

/// <summary>A contact sheet as PNG, on white.</summary>
public static class ContactSheetPng
{
    public static byte[] Of(ContactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        using var fonts = new PngFonts();
        using var title = new SKFont(fonts.Bold, 18);
        using var bold = new SKFont(fonts.Bold, 14);
        using var plain = new SKFont(fonts.Plain, 14);

        // A few pictures are narrower than what is said above them.
        var said = sheet.Notes.Select(note => plain.MeasureText(note)).Append(title.MeasureText(sheet.Title)).Max();
        using var bitmap = new SKBitmap(Math.Max(sheet.Width, 2 * ContactSheet.Margin + (int)Math.Ceiling(said)), sheet.Height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        Text(canvas, sheet.Title, ContactSheet.Margin, ContactSheet.Margin + 16, title, Ink.Text);
        for (var note = 0; note < sheet.Notes.Length; note++)
        {
            Text(canvas, sheet.Notes[note], ContactSheet.Margin, ContactSheet.Margin + 16 + (note + 1) * ContactSheet.LineHeight, plain, Ink.Faint);
        }

        for (var place = 0; place < sheet.Tiles.Length; place++)
        {
            var (tile, (x, y)) = (sheet.Tiles[place], sheet.PlaceOf(place));
            Draw(canvas, tile.Picture, x, y, sheet.Enlarged);
            var line = y + tile.Picture.Height * sheet.Enlarged + ContactSheet.LineHeight;
            Text(canvas, tile.Label, x, line, bold, tile.Wrong ? Ink.Series1 : Ink.Text);
            Text(canvas, tile.Name, x + sheet.TileWidth, line, plain, Ink.Faint, SKTextAlign.Right);
            Text(canvas, tile.Score, x, line + ContactSheet.LineHeight, plain, Ink.Text);
        }

        using var image = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return image.ToArray();
    }

    /// <summary>Each pixel as a square, and a thin frame around all, because edges of black and of white images are else not to be seen.</summary>
    private static void Draw(SKCanvas canvas, Picture picture, int left, int top, int side)
    {
        using var paint = new SKPaint { IsAntialias = false, Color = SKColor.Parse(Palette.Light(Ink.Grid)), Style = SKPaintStyle.Fill };
        canvas.DrawRect(left - 1, top - 1, picture.Width * side + 2, picture.Height * side + 2, paint);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                paint.Color = new SKColor(picture.At(x, y, 0), picture.At(x, y, 1), picture.At(x, y, 2));
                canvas.DrawRect(left + x * side, top + y * side, side, side, paint);
            }
        }
    }

    private static void Text(SKCanvas canvas, string text, float x, float y, SKFont font, Ink ink, SKTextAlign align = SKTextAlign.Left)
    {
        using var paint = new SKPaint { Color = SKColor.Parse(Palette.Light(ink)), IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, paint);
    }
}
