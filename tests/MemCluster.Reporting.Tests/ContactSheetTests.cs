using MemCluster.Reporting.Pictures;
using SkiaSharp;

namespace MemCluster.Reporting.Tests;

public sealed class ContactSheetTests
{
    [Fact]
    public void Colours_stand_where_they_were_and_what_noise_puts_out_of_range_is_shown_at_the_nearer_end()
    {
        // Two pixels side by side: the planes hold red, then green, then blue.
        var picture = new Picture(2, 1, 3, new float[] { 1, 0.2f, 0, 3, -1, 0.4f });
        var sheet = Sheet(picture);
        using var pixels = SKBitmap.Decode(ContactSheetPng.Of(sheet));

        Assert.Equal(72, sheet.Enlarged);
        Assert.Equal(new SKColor(255, 0, 0), pixels.GetPixel(20, 100));
        Assert.Equal(new SKColor(255, 0, 0), pixels.GetPixel(20 + 71, 100 + 71));
        Assert.Equal(new SKColor(51, 255, 102), pixels.GetPixel(20 + 72, 100));
    }

    [Fact]
    public void Images_larger_than_a_tile_are_shown_pixel_by_pixel() => Assert.Equal(1, Sheet(new Picture(200, 200, 1, new float[40_000])).Enlarged);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(400)]
    public void Pictures_fill_their_rows_inside_of_the_sheet_and_none_lies_on_another(int count)
    {
        var sheet = new ContactSheet("t", ["a", "b"], [.. Enumerable.Repeat(new SheetTile(new(28, 28, 1, new float[784]), "0", "3 → 8", "0.5", true), count)]);
        var places = Enumerable.Range(0, count).Select(sheet.PlaceOf).ToArray();

        Assert.Equal(count, places.Distinct().Count());
        Assert.All(places, place => Assert.True(place.X + sheet.TileWidth <= sheet.Width - ContactSheet.Margin && place.Y + sheet.TileHeight <= sheet.Height - ContactSheet.Margin));
        Assert.Equal(sheet.Rows, (count + sheet.Columns - 1) / sheet.Columns);
        Assert.True(sheet.Columns * sheet.Rows - count < sheet.Rows);
    }

    [Fact]
    public void A_title_longer_than_the_pictures_is_not_cut()
    {
        using var narrow = SKBitmap.Decode(ContactSheetPng.Of(Sheet(new Picture(1, 1, 1, new float[1]))));
        using var wide = SKBitmap.Decode(ContactSheetPng.Of(Sheet(new Picture(1, 1, 1, new float[1])) with { Title = new string('m', 200) }));

        Assert.True(wide.Width > narrow.Width + 1000);
    }

    private static ContactSheet Sheet(Picture picture) => new("title", ["one", "two"], [new(picture, "0", "3", "0.5", false)]);
}
