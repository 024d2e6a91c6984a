namespace MemCluster.Statistics.Tests;

/// <summary>Two seeds and many comparisons: quantiles that lie in the thousands.</summary>
public sealed class StudentQuantileTests
{
    [Theory]
    [InlineData(1, 0.025, 12.706204736)]
    [InlineData(1, 1e-5, 31830.98861)]
    [InlineData(2, 0.025, 4.302652730)]
    [InlineData(2, 1e-7, 2236.067642)]
    [InlineData(9, 0.025, 2.262157163)]
    public void It_is_that_of_tables_however_far_out(int degreesOfFreedom, double tail, double expected) =>
        Assert.Equal(expected, StudentQuantile.Above(degreesOfFreedom, tail), 1e-8 * expected);

    [Fact]
    public void Two_seeds_and_many_places_have_intervals_however_wide()
    {
        var summary = Summary.Of([0.5, 0.6], 0, ways: 1000);
        Assert.True(double.IsFinite(summary.Low) && summary.Low < -100);

        (double, double)[] Curve(double shift) => [.. Enumerable.Range(1, 10).Select(place => ((double)place, shift + (0.01 * (place % 3))))];
        var (height, low, high) = DoubleDescent.HeightOf([Curve(0), Curve(0.1)]);
        Assert.True(double.IsFinite(height) && double.IsFinite(low) && low <= high);
    }
}
