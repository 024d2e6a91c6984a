namespace MemCluster.Learning;

/// <summary>
/// The built-in data set: ten drawn shapes of 28×28 that differ in position, size, slant, tilt, thickness, wobble and ink. Most are easy;
/// a share is hard by design: some shapes are alike (ring and horseshoe, ring and square, seven and Z, T and plus), and a hard example is bent
/// more, loses part of a stroke, or has stray strokes and specks around it. Example i of a part is a function of (part, i) alone, made from
/// integers and + − × ÷ √ and rounded to bytes: the same bits on every machine.
/// </summary>
/// <remarks>Whatever changes a byte here is a new recipe: raise its number in <c>DataCatalog</c>.</remarks>
public static class Glyphs
{
    public const int Side = 28;
    public const int Classes = 10;

    // Any fixed number: the set's own, apart from every trial's seed.
    private static readonly Seeds Draws = new(0x676C_7970_6873);

    /// <summary>The first <paramref name="count"/> examples of a part.</summary>
    /// <param name="part"><c>train</c>, <c>validation</c> or <c>test</c>: no example stands in two.</param>
    public static DataPart Make(string part, int count)
    {
        var (pixels, labels) = (new byte[count * Side * Side], new byte[count]);
        var canvas = new GlyphCanvas(Side);
        for (var i = 0; i < count; i++)
        {
            var draws = Draws.Generator("glyphs/" + part, i);
            labels[i] = (byte)draws.Below(Classes);
            Draw(canvas, labels[i], draws);
            canvas.CopyTo(pixels.AsSpan(i * Side * Side, Side * Side));
            canvas.Clear();
        }

        return new DataPart(pixels, labels);
    }

    private static void Draw(GlyphCanvas canvas, int shape, Philox draws)
    {
        // Cubed: most examples are easy, few are very hard.
        var luck = draws.NextDouble();
        var hardness = luck * luck * luck;

        var size = Between(draws, 7.5, 9.5) - 2 * hardness * draws.NextDouble();
        var (width, height) = (size * Between(draws, 0.8, 1.1), size * Between(draws, 0.9, 1.1));
        var reach = 1 + 2 * hardness;
        var (left, top) = (14 + Around(draws, reach), 14 + Around(draws, reach));
        var (slant, tilt) = (Around(draws, 0.12 + 0.3 * hardness), Around(draws, 0.08 + 0.25 * hardness));
        var wobble = 0.05 + 0.25 * hardness;
        var thickness = Between(draws, 1.6, 3.2);
        var ink = 255 - 110 * hardness * draws.NextDouble();

        foreach (var stroke in GlyphShapes.All[shape])
        {
            var (fromX, fromY) = Place(stroke[0]);
            for (var i = 1; i < stroke.Length; i++)
            {
                var (toX, toY) = Place(stroke[i]);
                // A hard example's pen leaves the paper now and then.
                if (draws.NextDouble() >= 0.15 * hardness)
                {
                    canvas.Line(fromX, fromY, toX, toY, thickness, ink);
                }

                (fromX, fromY) = (toX, toY);
            }
        }

        for (var stray = draws.Below(4) * hardness; stray > 0.6; stray--)
        {
            var (x, y) = (Between(draws, 2, 26), Between(draws, 2, 26));
            canvas.Line(x, y, x + Around(draws, 7), y + Around(draws, 7), Between(draws, 1, 2.5), ink * Between(draws, 0.5, 1));
        }

        canvas.Speckle(draws, 70 * hardness);

        (double X, double Y) Place((double X, double Y) point)
        {
            var x = point.X + Around(draws, wobble);
            var y = point.Y + Around(draws, wobble);
            return (left + width * (x - slant * y), top + height * (y + tilt * x));
        }
    }

    private static double Between(Philox draws, double low, double high) => low + (high - low) * draws.NextDouble();

    private static double Around(Philox draws, double reach) => reach * (2 * draws.NextDouble() - 1);
}
