using System.Collections.Immutable;

namespace MemCluster.Reporting.Pictures;

/// <summary>An image of a training example.</summary>
/// <param name="Channels">1, grey, or 3, red, green and blue.</param>
/// <param name="Pixels">Channel by channel, row by row: 0 is dark, 1 is light. What noise puts outside of that is shown at the nearer end.</param>
public sealed record Picture(int Width, int Height, int Channels, ReadOnlyMemory<float> Pixels)
{
    /// <summary>From 0 to 255.</summary>
    public byte At(int x, int y, int channel) =>
        (byte)Math.Round(255 * Math.Clamp(Pixels.Span[(Math.Min(channel, Channels - 1) * Height + y) * Width + x], 0f, 1f));
}

/// <summary>A picture with what is said of it.</summary>
/// <param name="Label">The label given, and the true one where it is another.</param>
/// <param name="Wrong">The two differ.</param>
public sealed record SheetTile(Picture Picture, string Name, string Label, string Score, bool Wrong);

/// <summary>Pictures side by side, in their order, row by row. Lengths are pixels.</summary>
/// <param name="Notes">Lines below the title.</param>
public sealed record ContactSheet(string Title, ImmutableArray<string> Notes, ImmutableArray<SheetTile> Tiles)
{
    public const int Margin = 20;
    public const int LineHeight = 20;

    /// <summary>About how wide a picture is shown; small images are enlarged by a whole number, so that no pixel is invented.</summary>
    public const int Wanted = 144;

    private const int Between = 16;
    private const int NarrowestTile = 112;

    public int Enlarged => Math.Max(1, Wanted / Tiles.Max(tile => Math.Max(tile.Picture.Width, tile.Picture.Height)));

    public int TileWidth => Math.Max(NarrowestTile, Tiles.Max(tile => tile.Picture.Width) * Enlarged);

    /// <summary>The picture with two lines below it.</summary>
    public int TileHeight => Tiles.Max(tile => tile.Picture.Height) * Enlarged + 2 * LineHeight + 4;

    /// <summary>For a sheet a little wider than high, and then as few as its rows need.</summary>
    public int Columns
    {
        get
        {
            var columns = Math.Clamp((int)Math.Round(Math.Sqrt(1.4 * Tiles.Length * TileHeight / TileWidth)), 1, Tiles.Length);
            var rows = (Tiles.Length + columns - 1) / columns;
            return (Tiles.Length + rows - 1) / rows;
        }
    }

    public int Rows => (Tiles.Length + Columns - 1) / Columns;

    public int Top => Margin + LineHeight * (2 + Notes.Length);

    public int Width => 2 * Margin + Columns * (TileWidth + Between) - Between;

    public int Height => Top + Rows * (TileHeight + Between) - Between + Margin;

    /// <summary>The upper left corner of a tile's picture.</summary>
    public (int X, int Y) PlaceOf(int tile) =>
        (Margin + tile % Columns * (TileWidth + Between), Top + tile / Columns * (TileHeight + Between));
}
