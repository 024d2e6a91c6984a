using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;

namespace MemCluster.Statistics.Tests;

public sealed class AlphaSpendingTests
{
    [Fact]
    public void What_is_spent_by_a_look_is_the_level_times_a_power_of_how_much_is_there()
    {
        Assert.Equal([0.0125, 0.0375], AlphaSpending.Increments([10, 20], 0.05, 2).Select(share => Math.Round(share, 15)));
        Assert.Equal([0.05], AlphaSpending.Increments([7], 0.05, 1.5));
        Assert.Equal(0.05, AlphaSpending.Increments([3, 5, 8, 12, 18, 27, 40], 0.05, 1.5).Sum(), 1e-15);
    }

    /// <summary>t(0.995, 4) = 4.604095 (tables), for values with mean 3 and standard error √0.5.</summary>
    [Fact]
    public void An_interval_of_another_level_is_as_wide_as_its_quantile()
    {
        var summary = Summary.Of([1, 2, 3, 4, 5], 0, 1, 0.01);

        Assert.Equal(4.604095, summary.Quantile, 1e-6);
        Assert.Equal(3 - (4.604095 * Math.Sqrt(0.5)), summary.Low, 1e-6);
        Assert.Equal(Summary.Of([1, 2, 3, 4, 5]), Summary.Of([1, 2, 3, 4, 5], 0, 1, Summary.UsualLevel));
        Assert.Equal(Summary.Of([1, 2, 3, 4, 5], 0, 5).Low, Summary.Of([1, 2, 3, 4, 5], 0, 1, 0.01).Low, 12);
    }

    /// <summary>Also of levels as small as the first look of forty seeds has.</summary>
    [Theory]
    [InlineData(2, 0.01)]
    [InlineData(3, 0.00103)]
    [InlineData(12, 0.004)]
    public void It_misses_as_often_as_its_level_says(int seeds, double level)
    {
        const int Sets = 200_000;
        var limit = Summary.Of(Enumerable.Range(0, seeds).Select(value => (double)value).ToArray(), 0, 1, level).Quantile;
        var (draws, values, missed) = (new Xoshiro256StarStar(seeds, threadSafe: false), new double[seeds], 0);
        for (var set = 0; set < Sets; set++)
        {
            Normal.Samples(draws, values, 0, 1);
            var (mean, deviation) = MathNet.Numerics.Statistics.ArrayStatistics.MeanStandardDeviation(values);
            missed += Math.Abs(mean) > limit * deviation / Math.Sqrt(seeds) ? 1 : 0;
        }

        Assert.InRange(missed / (double)Sets, level - (4 * Math.Sqrt(level / Sets)), level + (4 * Math.Sqrt(level / Sets)));
    }
}
