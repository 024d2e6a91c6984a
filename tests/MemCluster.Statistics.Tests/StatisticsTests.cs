using CsCheck;

namespace MemCluster.Statistics.Tests;

public sealed class StatisticsTests
{
    private static readonly Gen<double[]> Positive = Gen.Double[0.001, 100].Array[2, 40];

    [Fact]
    public void Gini_does_not_depend_on_unit_or_order() => Gen.Select(Positive, Gen.Double[0.01, 1000], Gen.Int).Sample((values, factor, seed) =>
    {
        var shuffled = values.Select(value => value * factor).OrderBy(value => HashCode.Combine(seed, value)).ToArray();
        Assert.Equal(Gini.Of(values), Gini.Of(shuffled), 1e-10);
        Assert.InRange(Gini.Of(values), 0, 1 - 1.0 / values.Length);
    });

    [Fact]
    public void Gini_is_refused_for_what_it_is_not_defined_for()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Gini.Of([1, -1]));
        Assert.True(double.IsNaN(Gini.Of([])));
        Assert.True(double.IsNaN(Gini.Of([0, 0])));
        Assert.True(double.IsNaN(Gini.Of([1, double.NaN])));
        Assert.Equal([false, false, true, true], new double[][] { [], [0, 0], [0, 1], [0, double.NaN] }.Select(values => Gini.IsDefined(values)));
    }

    [Fact]
    public void A_value_without_a_rank_makes_what_ranks_tell_no_number()
    {
        Assert.Equal([false, false, true], new bool[][] { [], [true, true], [true, false] }.Select(kinds => Auroc.IsDefined(kinds)));
        Assert.Equal(1, Auroc.Of([1, double.PositiveInfinity], [false, true]));
        Assert.True(double.IsNaN(Auroc.Of([1, 2, double.NaN], [false, true, true])));
        Assert.True(double.IsNaN(RankCorrelation.Of([1, 2, double.NaN], [1, 2, 3]).Spearman));
        Assert.True(double.IsNaN(RankCorrelation.Of([1, 2, 3], [1, 2, double.NaN]).Spearman));
    }

    [Fact]
    public void Auroc_is_the_share_of_pairs_in_order_and_turns_with_the_score() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool).Array[2, 30].Sample(pairs =>
        {
            double[] scores = [.. pairs.Select(pair => (double)pair.Item1)];
            bool[] positive = [.. pairs.Select(pair => pair.Item2)];
            var compared = pairs.Where(pair => pair.Item2).SelectMany(
                one => pairs.Where(pair => !pair.Item2), (one, other) => one.Item1 > other.Item1 ? 1 : one.Item1 == other.Item1 ? 0.5 : 0).ToArray();
            Assert.Equal(compared.Length == 0 ? double.NaN : compared.Average(), Auroc.Of(scores, positive), 1e-12);
            Assert.Equal(1 - Auroc.Of(scores, positive), Auroc.Of([.. scores.Select(score => -score)], positive), 1e-12);
        });

    [Fact]
    public void Members_with_low_losses_are_told_from_others() => Assert.Equal(1, Auroc.OfMembership([0.1, 0.2], [0.3, 0.9]));

    [Fact]
    public void The_exact_distance_test_agrees_with_counting_every_order()
    {
        // All C(7, 3) ways in which 3 of 7 ranks can be the first sample's.
        var distances = Enumerable.Range(0, 128).Where(set => int.PopCount(set) == 3).Select(Test).ToArray();
        foreach (var (statistic, p) in distances)
        {
            Assert.Equal(distances.Count(other => other.Statistic >= statistic - 1e-12) / (double)distances.Length, p, 1e-12);
        }

        static (double Statistic, double P) Test(int set)
        {
            var ranks = Enumerable.Range(0, 7).ToLookup(rank => (set >> rank & 1) == 1, rank => (double)rank);
            var test = KolmogorovSmirnov.TwoSample([.. ranks[true]], [.. ranks[false]]);
            return (test.Statistic, test.Exact);
        }
    }

    [Fact]
    public void The_distance_test_refuses_what_has_no_order()
    {
        Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.TwoSample([], [1]));
        Assert.Throws<ArgumentException>(() => KolmogorovSmirnov.TwoSample([1, double.NaN], [1]));
    }

    [Fact]
    public void Both_forms_of_the_kolmogorov_series_meet()
    {
        // Distances .052 and .053: 1.18 lies between them at √500. The p-values must go on falling smoothly.
        var below = KolmogorovSmirnov.TwoSample(Ramp(1000, 0), Ramp(1000, 51)).Asymptotic;
        var above = KolmogorovSmirnov.TwoSample(Ramp(1000, 0), Ramp(1000, 52)).Asymptotic;
        Assert.InRange(below - above, 0, 0.02);
        Assert.InRange(above, 0.11, 0.13);

        static double[] Ramp(int count, int from) => [.. Enumerable.Range(from, count).Select(i => i + from * 1e-6)];
    }

    [Fact]
    public void The_interval_of_three_seeds_is_students()
    {
        // By hand: mean 0.92, s = 0.02, s/√3 = 0.011547, t(0.975, 2) = 4.302653.
        var three = Summary.Of([0.90, 0.92, 0.94]);
        Assert.Equal((0.92, 0.92 - 0.049683, 3), (three.Mean, three.Low, three.Count), Near);
        Assert.Equal(0.05, three.P(three.High), 1e-9);

        // One further seed: s·√(4/3) instead. One of ten: t(0.9975, 2) = 14.0890.
        Assert.Equal(0.92 + (4.302653 * 0.0230940), Summary.OfNext([0.90, 0.92, 0.94], 0).High, 1e-6);
        Assert.Equal(0.92 + (14.0890 * 0.011547), Summary.Of([0.90, 0.92, 0.94], 0, ways: 10).High, 1e-5);
    }

    private static bool Near((double Mean, double Low, int Count) a, (double Mean, double Low, int Count) b) =>
        Math.Abs(a.Mean - b.Mean) < 1e-9 && Math.Abs(a.Low - b.Low) < 1e-6 && a.Count == b.Count;

    [Fact]
    public void One_seed_has_a_mean_and_no_interval_and_what_is_missing_shows()
    {
        Assert.Equal((0.5, double.NaN, 1), (Summary.Of([0.5]).Mean, Summary.Of([0.5]).Low, Summary.Of([0.5]).Count));
        Assert.True(double.IsNaN(Summary.Of([]).Mean) && double.IsNaN(Summary.Of([0.5, double.NaN]).Mean) && double.IsNaN(Summary.Of([0.5]).P(0)));
    }

    [Fact]
    public void Equal_results_have_the_spread_that_their_step_hides()
    {
        Assert.Equal(0, Summary.Of([0.5, 0.5, 0.5]).High - 0.5, 1e-15);
        Assert.Equal(4.302653 * 0.01 / Math.Sqrt(12 * 3), Summary.Of([0.5, 0.5, 0.5], 0.01 / Math.Sqrt(12)).High - 0.5, 1e-8);
    }

    [Fact]
    public void Infinities_share_a_rank()
    {
        var never = double.PositiveInfinity;
        Assert.Equal([1, 3.5, 2, 3.5], RankCorrelation.Ranks([1, never, 2, never]));
        Assert.Equal([1.5, 3, 1.5], RankCorrelation.Ranks([-never, 0, -never]));
        Assert.Equal(0.5, Auroc.Of([never, never, never], [true, false, false]));
    }

    [Fact]
    public void Of_several_p_values_each_pays_for_those_that_are_larger()
    {
        Assert.Equal([0.03, 0.06, 0.06, double.NaN], Holm.Adjusted([0.01, 0.04, 0.03, double.NaN]), (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-12);
        Assert.Equal([1, 1], Holm.Adjusted([0.6, 0.9]));
    }

    [Fact]
    public void A_bootstrap_covers_the_mean_repeats_itself_and_follows_skew()
    {
        double[] values = [.. Enumerable.Range(1, 30).Select(i => Math.Exp(i / 6.0))];
        var (low, high) = Bootstrap.Interval(values, all => all.Average());
        Assert.Equal((low, high), Bootstrap.Interval(values, all => all.Average()));
        Assert.InRange(values.Average(), low, high);
        Assert.True(high - values.Average() > values.Average() - low, "A right tail must reach further right.");
        var narrow = Bootstrap.Interval(values, all => all.Average(), new() { Level = 0.5 });
        Assert.True(narrow.Low > low && narrow.High < high);
    }

    [Fact]
    public void A_bootstrap_is_right_to_second_order()
    {
        // Hall (1988): the accelerated end for a mean is mean + s/√n · (z + (2z² + 1)·skewness/(6√n)) up to terms of 1/n.
        double[] values = [.. Enumerable.Range(0, 200).Select(i => -Math.Log((i + 0.5) / 200))];
        var (low, high) = Bootstrap.Interval(values, all => all.Average(), new(Resamples: 40_000));
        var (mean, deviation) = (values.Average(), Math.Sqrt(values.Average(value => value * value) - 1));
        var skewness = values.Average(value => Math.Pow((value - mean) / deviation, 3));
        foreach (var (end, z) in new[] { (low, -1.96), (high, 1.96) })
        {
            Assert.Equal(z + (2 * z * z + 1) * skewness / (6 * Math.Sqrt(200)), (end - mean) / deviation * Math.Sqrt(200), 0.045);
        }
    }

    [Fact]
    public void A_bootstrap_of_equal_values_is_a_point_and_of_one_is_nothing()
    {
        Assert.Equal((2, 2), Bootstrap.Interval([2, 2, 2], all => all.Average()));
        Assert.True(double.IsNaN(Bootstrap.Interval([2], all => all.Average()).Low));
    }

    [Fact]
    public void A_bootstrap_interval_covers_about_as_often_as_it_says()
    {
        var draws = new MathNet.Numerics.Random.Xoshiro256StarStar(7);
        var covered = Enumerable.Range(0, 300).Count(seed =>
        {
            double[] values = [.. Enumerable.Range(0, 40).Select(_ => -Math.Log(1 - draws.NextDouble()))];
            var (low, high) = Bootstrap.Interval(values, all => all.Average(), new(Resamples: 500, Level: 0.9, Seed: seed));
            return low <= 1 && 1 <= high;
        });
        Assert.InRange(covered / 300.0, 0.83, 0.95);
    }

    [Fact]
    public void A_binomial_draw_is_a_quantile()
    {
        var chance = new BinomialNull(100, 0.1);
        var shares = Enumerable.Range(0, 10_000).Select(i => chance.Quantile((i + 0.5) / 10_000)).ToArray();
        Assert.Equal(0.1, shares.Average(), 1e-3);
        Assert.Equal(chance.Deviation, Math.Sqrt(shares.Average(share => (share - 0.1) * (share - 0.1))), 1e-3);
        Assert.Equal((0.0, 1.0), (new BinomialNull(5, 0.5).Quantile(0), new BinomialNull(5, 0.5).Quantile(1)));
    }

    [Fact]
    public void A_setting_that_fits_just_as_much_as_the_limit_counts()
    {
        Assert.Equal(0.9, RegularizerEnvelope.At([0.2, 0.3], [0.9, 0.95], 0.2));
        Assert.True(double.IsNaN(RegularizerEnvelope.At([0.2], [0.9], 0.1)));
    }
}
