namespace MemCluster.Learning;

/// <summary>A small square of grey values on which strokes with soft edges are drawn; square roots are the only function it uses.</summary>
internal sealed class GlyphCanvas(int side)
{
    private readonly double[] _grey = new double[side * side];

    public void Clear() => Array.Clear(_grey);

    /// <summary>A stroke between two points, in pixels; where strokes meet the darker one stays, so crossings have no blot.</summary>
    public void Line(double fromX, double fromY, double toX, double toY, double thickness, double ink)
    {
        var (dx, dy) = (toX - fromX, toY - fromY);
        var length = dx * dx + dy * dy;
        var reach = thickness / 2 + 0.5;
        var (firstX, lastX) = Range(Math.Min(fromX, toX) - reach, Math.Max(fromX, toX) + reach);
        var (firstY, lastY) = Range(Math.Min(fromY, toY) - reach, Math.Max(fromY, toY) + reach);
        for (var y = firstY; y <= lastY; y++)
        {
            for (var x = firstX; x <= lastX; x++)
            {
                var (px, py) = (x + 0.5 - fromX, y + 0.5 - fromY);
                var along = length > 0 ? Math.Clamp((px * dx + py * dy) / length, 0, 1) : 0;
                var (offX, offY) = (px - along * dx, py - along * dy);
                var square = offX * offX + offY * offY;
                if (square < reach * reach)
                {
                    var grey = Math.Min(1, reach - Math.Sqrt(square)) * ink;
                    _grey[y * side + x] = Math.Max(_grey[y * side + x], grey);
                }
            }
        }
    }

    /// <summary>Adds to every pixel a number from 0 to <paramref name="strength"/>.</summary>
    public void Speckle(Philox draws, double strength)
    {
        for (var i = 0; i < _grey.Length; i += 4)
        {
            // Four bytes of one draw: enough for a speck, and a quarter of the time.
            var word = draws.NextUInt32();
            for (var k = 0; k < 4; k++, word >>= 8)
            {
                _grey[i + k] += (word & 255) * strength / 256;
            }
        }
    }

    public void CopyTo(Span<byte> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Min(255, _grey[i] + 0.5);
        }
    }

    private (int First, int Last) Range(double low, double high) =>
        ((int)Math.Clamp(low - 0.5, 0, side - 1), (int)Math.Clamp(high, 0, side - 1));
}
