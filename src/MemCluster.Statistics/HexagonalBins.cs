using System.Collections.Immutable;

namespace MemCluster.Statistics;

/// <summary>How many points lie in a hexagon.</summary>
/// <param name="X">Its centre.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Count">All points in it, at least 1.</param>
/// <param name="Marked">Those of them that are marked.</param>
public readonly record struct HexagonalBin(double X, double Y, int Count, int Marked);

/// <summary>
/// Points of a plane, counted in regular hexagons with two upright sides: what is shown of thousands of points that would hide each other (Carr, Littlefield, Nicholson and
/// Littlefield 1987, <em>Scatterplot matrix techniques for large N</em>). The centres are two grids of rectangles, 1 by √3 wide, one in the middles of the other; a point
/// belongs to the nearest centre.
/// </summary>
public static class HexagonalBins
{
    /// <param name="x">In the units of the plane, x and y alike; finite.</param>
    /// <param name="y">Likewise, as many.</param>
    /// <param name="marked">Which are counted apart, too.</param>
    /// <param name="width">From one upright side of a hexagon to the other, above 0.</param>
    /// <returns>Those that hold a point, by row and then from left to right: the order of the points does not matter.</returns>
    /// <exception cref="ArgumentException">Unequal lengths.</exception>
    public static ImmutableArray<HexagonalBin> Of(double[] x, double[] y, bool[] marked, double width)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(marked);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (x.Length != y.Length || x.Length != marked.Length)
        {
            throw new ArgumentException($"Bins need as many y as x, and a mark for each; there are {x.Length}, {y.Length} and {marked.Length}.", nameof(y));
        }

        var height = width * Math.Sqrt(3);
        var bins = new SortedDictionary<(int Row, int Column), (int Count, int Marked)>();
        for (var point = 0; point < x.Length; point++)
        {
            var bin = Nearest(x[point] / width, y[point] / height);
            var (count, found) = bins.GetValueOrDefault(bin);
            bins[bin] = (count + 1, found + (marked[point] ? 1 : 0));
        }

        return [.. bins.Select(bin => new HexagonalBin(bin.Key.Column * width / 2, bin.Key.Row * height / 2, bin.Value.Count, bin.Value.Marked))];
    }

    /// <summary>Rows and columns of both grids together, in half rectangles: even ones are the first grid's, odd ones the second's.</summary>
    private static (int Row, int Column) Nearest(double x, double y)
    {
        var (evenX, evenY) = (Math.Round(x), Math.Round(y));
        var (oddX, oddY) = (Math.Floor(x) + 0.5, Math.Floor(y) + 0.5);

        // A rectangle is √3 times as high as wide.
        var (toEven, toOdd) = (Square(x - evenX) + 3 * Square(y - evenY), Square(x - oddX) + 3 * Square(y - oddY));
        return toEven <= toOdd ? ((int)(2 * evenY), (int)(2 * evenX)) : ((int)(2 * oddY), (int)(2 * oddX));
    }

    private static double Square(double value) => value * value;
}
