using CsCheck;

namespace MemCluster.Statistics.Tests;

public sealed class DoubleDescentTests
{
    [Fact]
    public void Effective_complexity_is_the_largest_number_of_examples_that_is_fitted_on_average()
    {
        (int, double)[] runs = [(100, 0), (100, 0.02), (400, 0.05), (400, 0.15), (200, 0.3), (800, 0.09), (800, 0.12), (1600, double.NaN), (1600, 0)];

        Assert.Equal(new(400, false), EffectiveComplexity.Of(runs));
        Assert.Equal(new(800, false), EffectiveComplexity.Of(runs, epsilon: 0.11));
        Assert.Equal(new(100, false), EffectiveComplexity.Of(runs, epsilon: 0.01));
        Assert.Equal(new(null, false), EffectiveComplexity.Of(runs, epsilon: 0.001));
    }

    [Fact]
    public void What_fits_all_that_was_tried_is_censored()
    {
        Assert.Equal(new(200, true), EffectiveComplexity.Of([(100, 0.5), (200, 0.1)]));
        Assert.Equal(new(null, false), EffectiveComplexity.Of([]));
    }

    [Fact]
    public void The_interpolation_threshold_is_where_everything_larger_is_fitted_too()
    {
        Assert.Equal(64, EffectiveComplexity.InterpolationThreshold([(4, 0.8), (16, 0.05), (32, 0.2), (64, 0.1), (64, 0.04), (256, 0)]));
        Assert.Null(EffectiveComplexity.InterpolationThreshold([(4, 0), (16, 0.5)]));
        Assert.Null(EffectiveComplexity.InterpolationThreshold([(16, double.NaN)]));
    }

    [Fact]
    public void A_peak_between_two_falls_is_found_with_its_height()
    {
        var found = DoubleDescent.Of([(64, 0.1), (1, 0.5), (8, 0.3), (4, 0.2), (16, 0.4), (32, double.NaN)]);

        Assert.Equal((16, 0.2, 0.1), (found.Peak, found.BestBefore, found.BestAfter));
        Assert.Equal(0.2, found.Height, 12);
    }

    [Fact]
    public void A_curve_that_only_falls_or_only_rises_at_the_end_has_no_peak() => Gen.Double[0, 1].Array[0, 20].Sample(errors =>
    {
        double[] falling = [.. errors.OrderDescending()];
        var rise = DoubleDescent.Of(falling.Append(2).Select((error, at) => ((double)at, error)));

        Assert.True(double.IsNaN(rise.Peak) && rise.Height == 0 && double.IsNaN(rise.BestAfter));
        Assert.Equal(0, DoubleDescent.Of(falling.Select((error, at) => ((double)at, error))).Height);
    });
}
