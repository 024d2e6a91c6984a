using MemCluster.Statistics;

namespace MemCluster.Sweeps.Tests;

public sealed class IntervalTests
{
    [Fact]
    public void The_interval_of_three_seeds_is_students()
    {
        // By hand: mean 0.92, s = 0.02, s/√3 = 0.011547, t(0.975, 2) = 4.302653.
        var interval = Interval.Mean95([0.90, 0.92, 0.94]);

        Assert.Equal(0.92, interval.Mean, 12);
        Assert.Equal(0.049683, interval.HalfWidth, 6);
        Assert.Equal(3, interval.Count);
    }

    [Fact]
    public void One_seed_has_a_mean_and_no_width()
    {
        Assert.Equal((0.5, double.NaN, 1), (Interval.Mean95([0.5]).Mean, Interval.Mean95([0.5]).HalfWidth, Interval.Mean95([0.5]).Count));
        Assert.True(double.IsNaN(Interval.Mean95([]).Mean));
    }

    [Fact]
    public void Equal_results_have_width_zero() => Assert.Equal(0, Interval.Mean95([0.5, 0.5, 0.5]).HalfWidth, 15);

    [Fact]
    public void A_missing_value_shows_in_the_mean() => Assert.True(double.IsNaN(Interval.Mean95([0.5, double.NaN]).Mean));
}
