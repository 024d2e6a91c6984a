using MathNet.Numerics.Random;

namespace MemCluster.Statistics.Tests;

/// <summary>
/// Does a method err as often as it says? Each is put to 2,000 simulated data sets on which the truth is known, drawn from a fixed seed. An error rate of 5 % then comes out
/// within .05 ± .015 in all but one of a thousand.
/// </summary>
public sealed class CalibrationTests
{
    private const int Sets = 2000;
    private const double Room = 0.015;

    private static readonly int[] Seeds = [3, 5, 10, 20];

    [Fact]
    public void Students_interval_covers_the_mean_of_normal_seeds() => Assert.All(Seeds, n =>
        Assert.InRange(Missed(n, 0, draws => Normal(draws), values => Ends(Summary.Of(values))), 0.05 - Room, 0.05 + Room));

    [Fact]
    public void It_does_so_where_seeds_are_rounded_to_a_step_as_wide_as_their_spread() => Assert.All(Seeds, n =>
        Assert.InRange(Missed(n, 0, draws => Math.Round(Normal(draws)), values => Ends(Summary.Of(values, 1 / Math.Sqrt(12)))), 0, 0.05 + Room));

    /// <summary>The worst of what seeds look like: a Beta(19, 1) has mean .95, and leans to the left as far as an exponential. Student's interval then errs more than twice as often as it says.</summary>
    [Fact]
    public void Of_shares_that_lean_against_their_end_it_misses_more() => Assert.All(Seeds, n =>
        Assert.InRange(Missed(n, 0.95, draws => Math.Pow(draws.NextDouble(), 1 / 19.0), values => Ends(Summary.Of(values))), 0.05, 0.14));

    /// <summary>Exponential times cut off after one mean: what lies below the interval lies below the true mean.</summary>
    [Fact]
    public void The_interval_of_censored_times_is_no_higher_than_the_truth() => Assert.All(Seeds, n =>
        Assert.InRange(Rate(n, draws => Math.Min(1, -Math.Log(1 - draws.NextDouble())), values => Summary.Of(values).Low > 1), 0, 0.025 + Room));

    [Fact]
    public void A_prediction_covers_one_further_seed() => Assert.All(Seeds, n =>
    {
        var draws = new Xoshiro256StarStar(n, threadSafe: false);
        var missed = Enumerable.Range(0, Sets).Count(_ =>
        {
            var (low, high) = Ends(Summary.OfNext(Values(n, draws, Normal), 0));
            return Normal(draws) is var next && (next < low || next > high);
        });
        Assert.InRange(missed / (double)Sets, 0.05 - Room, 0.05 + Room);
    });

    /// <summary>Chosen on the seeds that judge it, such a height lay above 0 in 12 to 100 % of flat curves.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(40)]
    public void A_flat_curve_has_no_height(int places) => Assert.All(Seeds, n =>
    {
        var draws = new Xoshiro256StarStar(places + n, threadSafe: false);
        var (above, below) = (0, 0);
        for (var set = 0; set < Sets / 5; set++)
        {
            var (_, low, high) = DoubleDescent.HeightOf(Curves(n, places, draws, _ => 0));
            above += low > 0 ? 1 : 0;
            below += high < 0 ? 1 : 0;
        }

        Assert.InRange(above / (Sets / 5.0), 0, 0.05);
        Assert.InRange(below / (Sets / 5.0), 0, 0.05);
    });

    [Fact]
    public void A_true_peak_is_covered_and_found() => Assert.All(Seeds, n =>
    {
        var draws = new Xoshiro256StarStar(n, threadSafe: false);
        double[] curve = [5, 2, 0, 4, 8, 3, 1, 1];
        var (missed, found) = (0, 0);
        for (var set = 0; set < Sets / 5; set++)
        {
            var (_, low, high) = DoubleDescent.HeightOf(Curves(n, curve.Length, draws, place => curve[place]));
            missed += low > 7 || high < 7 ? 1 : 0;
            found += low > 0 ? 1 : 0;
        }

        Assert.InRange(missed / (Sets / 5.0), 0, 0.05 + (2 * Room));
        Assert.True(found > Sets / 5 * (n == 3 ? 0 : n == 5 ? 0.85 : 0.99), $"{found} of {Sets / 5} peaks of 7 standard deviations were found with {n} seeds.");
    });

    /// <summary>The largest of eight equal means: judged as if it were one, it lies above the truth in a third of all data sets of three seeds.</summary>
    [Fact]
    public void The_largest_of_several_means_is_no_larger_than_all_of_them_together_allow() => Assert.All(Seeds, n =>
    {
        var draws = new Xoshiro256StarStar(n, threadSafe: false);
        var missed = Enumerable.Range(0, Sets).Count(_ =>
        {
            var each = Enumerable.Range(0, 8).Select(_ => Ends(Summary.Of(Values(n, draws, Normal), 0, ways: 8))).ToArray();
            return each.Max(one => one.Low) > 0 || each.Max(one => one.High) < 0;
        });
        Assert.InRange(missed / (double)Sets, 0, 0.05 + Room);
    });

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.05)]
    public void Coin_flips_are_taken_for_something_else_in_one_of_twenty(double p)
    {
        var draws = new Xoshiro256StarStar(11, threadSafe: false);
        var (dispersion, distance, missed) = (0, 0, 0);
        for (var set = 0; set < Sets / 4; set++)
        {
            var flips = Flips(20, 200, draws, _ => p);
            var found = Dispersion.Of(flips);
            dispersion += found.ChanceP < 0.05 ? 1 : 0;
            distance += BinomialNull.TestOf(found.Correct, 20, draws: 99, seed: set + 1).P <= 0.05 ? 1 : 0;
            missed += Dispersion.OverdispersionInterval(flips) is var (low, high) && (low > 1 || high < 1) ? 1 : 0;
        }

        Assert.InRange(dispersion / (Sets / 4.0), 0.01, 0.09);
        Assert.InRange(distance / (Sets / 4.0), 0.005, 0.09);
        Assert.InRange(missed / (Sets / 4.0), 0, 0.07);
    }

    /// <summary>Overdispersion of 1.2: two-sample Kolmogorov–Smirnov against quantiles let it pass in 150 of 150.</summary>
    [Fact]
    public void What_is_no_coin_flip_is_found()
    {
        var draws = new Xoshiro256StarStar(12, threadSafe: false);
        var found = Enumerable.Range(0, 50).Count(_ => Dispersion.Of(Flips(20, 5000, draws, example => example % 2 == 0 ? 0.254 : 0.346)).ChanceP < 0.001);
        Assert.Equal(50, found);
    }

    /// <summary>Runs that differ in how good they are, and examples that differ in how hard they are: both are drawn anew each time.</summary>
    [Fact]
    public void The_interval_of_overdispersion_is_over_runs_and_examples()
    {
        var draws = new Xoshiro256StarStar(13, threadSafe: false);
        double[] levels = [0.1, 0.3, 0.5, 0.7];

        // By hand: variance of the levels .05, mean .4, binomial part (.24 − .05)/20: (.0095 + .05)/.012.
        var missed = Enumerable.Range(0, Sets / 4).Count(_ =>
        {
            var hard = Enumerable.Range(0, 200).Select(_ => levels[draws.Next(4)]).ToArray();
            var (low, high) = Dispersion.OverdispersionInterval(Flips(20, 200, draws, example => hard[example]));
            return low > 4.958 || high < 4.958;
        });
        Assert.InRange(missed / (Sets / 4.0), 0, 0.07);
    }

    [Fact]
    public void Among_fifteen_tests_of_nothing_one_is_found_in_one_report_of_twenty() => Assert.InRange(
        Rate(15, draws => draws.NextDouble(), p => Holm.Adjusted(p).Min() < 0.05), 0.05 - Room, 0.05 + Room);

    private static (double Low, double High) Ends(Summary found) => (found.Low, found.High);

    private static double Missed(int n, double truth, Func<Xoshiro256StarStar, double> draw, Func<double[], (double Low, double High)> interval) =>
        Rate(n, draw, values => interval(values) is var (low, high) && (low > truth || high < truth));

    private static double Rate(int n, Func<Xoshiro256StarStar, double> draw, Predicate<double[]> isWrong)
    {
        var draws = new Xoshiro256StarStar(n, threadSafe: false);
        return Enumerable.Range(0, Sets).Count(_ => isWrong(Values(n, draws, draw))) / (double)Sets;
    }

    private static double[] Values(int n, Xoshiro256StarStar draws, Func<Xoshiro256StarStar, double> draw) => [.. Enumerable.Range(0, n).Select(_ => draw(draws))];

    private static double Normal(Xoshiro256StarStar draws) => MathNet.Numerics.Distributions.Normal.Sample(draws, 0, 1);

    private static (double At, double Error)[][] Curves(int n, int places, Xoshiro256StarStar draws, Func<int, double> truth) =>
        [.. Enumerable.Range(0, n).Select(_ => Enumerable.Range(0, places).Select(place => ((double)place, truth(place) + Normal(draws))).ToArray())];

    private static BitMatrix Flips(int runs, int examples, Xoshiro256StarStar draws, Func<int, double> p) =>
        BitMatrix.FromRows([.. Enumerable.Range(0, runs).Select(_ => Enumerable.Range(0, examples).Select(example => draws.NextDouble() < p(example)).ToArray())]);
}
