namespace MemCluster.Statistics.Tests;

public sealed class HexagonalBinsTests
{
    private static readonly double Root = Math.Sqrt(3);

    /// <summary>Hexagons 1 wide: centres at (0, 0), (1, 0) … and half a step up and aside, at (.5, .866). Worked out by hand.</summary>
    [Theory]
    [InlineData(0.1, 0.1, 0, 0)]
    [InlineData(0.45, 0.0, 0, 0)]
    [InlineData(0.55, 0.0, 1, 0)]
    [InlineData(0.5, 0.6, 0.5, 1)]
    [InlineData(0.0, 0.55, 0, 0)]
    [InlineData(0.0, 1.2, 0, 2)]
    [InlineData(-0.4, -0.8, -0.5, -1)]
    public void A_point_belongs_to_the_hexagon_around_it(double x, double y, double centre, int halfRows)
    {
        var bin = Assert.Single(HexagonalBins.Of([x], [y], [false], 1));

        Assert.Equal(centre, bin.X, 12);
        Assert.Equal(halfRows * Root / 2, bin.Y, 12);
        Assert.Equal((1, 0), (bin.Count, bin.Marked));
    }

    [Fact]
    public void All_points_are_counted_once_each_near_its_centre_and_in_whatever_order_they_come()
    {
        var random = new Random(5);
        double[] x = [.. Enumerable.Range(0, 5000).Select(_ => random.NextDouble())], y = [.. Enumerable.Range(0, 5000).Select(_ => random.NextDouble())];
        bool[] marked = [.. x.Select(value => value < 0.25)];
        var bins = HexagonalBins.Of(x, y, marked, 0.05);

        Assert.Equal((5000, marked.Count(one => one)), (bins.Sum(bin => bin.Count), bins.Sum(bin => bin.Marked)));
        Assert.Equal(bins.AsEnumerable(), HexagonalBins.Of([.. x.Reverse()], [.. y.Reverse()], [.. marked.Reverse()], 0.05));

        // Evenly spread points fill hexagons evenly: an area of .00217 each, so 10.8 points; a grid without its second half would hold 21.7.
        var inner = bins.Where(bin => bin.X is > 0.1 and < 0.9 && bin.Y is > 0.1 and < 0.9).ToArray();
        Assert.InRange(inner.Average(bin => bin.Count), 10, 11.7);

        // Nearest of all centres: the one of each point alone is one of the bins, at most a corner away.
        for (var point = 0; point < 200; point++)
        {
            var own = Assert.Single(HexagonalBins.Of([x[point]], [y[point]], [false], 0.05));
            var distance = Math.Sqrt(Math.Pow(own.X - x[point], 2) + Math.Pow(own.Y - y[point], 2));
            Assert.InRange(distance, 0, 0.05 / Root + 1e-12);
            Assert.True(distance <= bins.Min(bin => Math.Sqrt(Math.Pow(bin.X - x[point], 2) + Math.Pow(bin.Y - y[point], 2))) + 1e-12);
        }
    }

    [Fact]
    public void What_has_no_mark_or_no_size_is_refused()
    {
        Assert.Throws<ArgumentException>(() => HexagonalBins.Of([1], [1, 2], [true], 1));
        Assert.Throws<ArgumentException>(() => HexagonalBins.Of([1], [1], [], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HexagonalBins.Of([1], [1], [true], 0));
        Assert.Empty(HexagonalBins.Of([], [], [], 1));
    }
}
