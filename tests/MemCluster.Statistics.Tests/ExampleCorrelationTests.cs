using CsCheck;

namespace MemCluster.Statistics.Tests;

public sealed class ExampleCorrelationTests
{
    /// <summary>Ranks 1, 2, 3.5, 3.5 and 2, 1, 4, 3; worked out by hand: covariance 3.5, sums of squares 4.5 and 5.</summary>
    [Fact]
    public void A_case_by_hand() => Assert.Equal(3.5 / Math.Sqrt(4.5 * 5), ExampleCorrelation.Spearman([1, 2, 9, 9], [5, -3, 8, 7]), 12);

    [Fact]
    public void Examples_that_were_never_learned_are_equally_so()
    {
        const double never = double.PositiveInfinity;

        Assert.Equal(
            ExampleCorrelation.Spearman([1, 2, 3, 3, 3], [1, 2, 3, 4, 5]),
            ExampleCorrelation.Spearman([1, 2, never, never, never], [1, 2, 3, 4, 5]), 12);
        Assert.Equal(ExampleCorrelation.Spearman([never, 1, never, 2], [4, 1, 3, 2]), ExampleCorrelation.Spearman([never, 1, never, 2], [3, 1, 4, 2]), 12);
    }

    [Fact]
    public void Examples_without_one_of_the_scores_do_not_count_and_too_few_have_no_correlation()
    {
        Assert.Equal(1, ExampleCorrelation.Spearman([1, double.NaN, 2, 3, 4], [1, 100, 2, 3, double.NaN]), 12);
        Assert.Equal(double.NaN, ExampleCorrelation.Spearman([1, double.NaN, 2], [1, 2, 3]));
        Assert.Equal(double.NaN, ExampleCorrelation.Spearman([7, 7, 7, 7], [1, 2, 3, 4]));
        Assert.Throws<ArgumentException>(() => ExampleCorrelation.Spearman([1, 2, 3], [1, 2]));
    }

    [Fact]
    public void Without_a_block_it_is_that_of_the_others()
    {
        double[] one = [.. Enumerable.Range(0, 60).Select(i => Math.Sin(i))], other = [.. Enumerable.Range(0, 60).Select(i => Math.Cos(i / 3.0))];
        int[] rest = [.. Enumerable.Range(0, 60).Where(i => BlockJackknife.BlockOf(i, 60) != 4)];

        Assert.Equal(
            ExampleCorrelation.Spearman([.. rest.Select(i => one[i])], [.. rest.Select(i => other[i])]), ExampleCorrelation.Spearman(one, other, without: 4), 12);
    }

    [Fact]
    public void Without_infinities_it_is_the_rank_correlation_that_there_was() => Gen.Int[0, 9].Select(i => (double)i).Array[3, 40].SelectMany(
        one => Gen.Double[-1, 1].Array[one.Length].Select(other => (one, other))).Sample(both =>
        Assert.Equal(RankCorrelation.Of(both.one, both.other).Spearman, ExampleCorrelation.Spearman(both.one, both.other), 10), iter: 200);
}
