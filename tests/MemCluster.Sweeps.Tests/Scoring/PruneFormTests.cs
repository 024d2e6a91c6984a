using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class PruneFormTests
{
    [Theory]
    [InlineData("none", "none")]
    [InlineData("{score: input-gradient, drop: highest, fraction: 0.1}", "input-gradient highest 0.1")]
    [InlineData("input-gradient highest 1e-1", "input-gradient highest 0.1")]
    [InlineData("{score: el2n, drop: random, fraction: 0.3, runs: 5}", "random 0.3")]
    [InlineData("{drop: random, fraction: 0.3}", "random 0.3")]
    [InlineData("random 0.3", "random 0.3")]
    [InlineData("{score: el2n, drop: lowest, fraction: 0.3, runs: 10, at: 20}", "el2n lowest 0.3 runs=10 at=20")]
    [InlineData("{score: el2n, drop: lowest, fraction: 0.3, every: 1}", "el2n lowest 0.3")]
    [InlineData("{score: input-gradient, drop: window, fraction: 0.3, from: 0.1, norm: l1}", "input-gradient window 0.3 from=0.1 every=1 norm=l1")]
    [InlineData("el2n window 0.3 from=0", "el2n highest 0.3")]
    [InlineData("el2n window 0.3 from=0.3", "el2n lowest 0.3")]
    [InlineData("el2n highest 0", "none")]
    [InlineData("{score: el2n, drop: highest, fraction: 0.1, at: [3, 5], last: true}", "el2n highest 0.1 at=3,5,last")]
    [InlineData("loss-sensitivity highest 0.1", "loss-sensitivity highest 0.1")]
    [InlineData("loss-sensitivity highest 0.1 at=last window=100", "loss-sensitivity highest 0.1 at=last window=100")]
    public void What_is_left_out_has_one_short_form_that_reads_back(string written, string shortForm)
    {
        Assert.Equal([shortForm], AxisValues($"prune: [{written}]"));
        Assert.Equal([shortForm], AxisValues($"prune: ['{shortForm}']"));
    }

    [Theory]
    [InlineData("{score: el2n, fraction: 0.1}", "does not say what to drop")]
    [InlineData("{score: el2n, drop: highest}", "does not say how much")]
    [InlineData("{drop: highest, fraction: 0.1}", "does not say by which score")]
    [InlineData("el2m highest 0.1", "did you mean 'el2n'?")]
    [InlineData("el2n highst 0.1", "did you mean 'highest'?")]
    [InlineData("el2n highest 1", "is not a share from 0 to below 1")]
    [InlineData("el2n window 0.3", "says where it begins")]
    [InlineData("el2n window 0.3 from=0.4", "at most that")]
    [InlineData("el2n highest 0.3 from=0.1", "belongs to 'drop: window'")]
    [InlineData("el2n highest 0.3 0.4", "take 0.4 out")]
    [InlineData("el2n highest 0.3 rums=4", "did you mean 'runs'?")]
    [InlineData("el2n highest 0.3 runs=0", "is not a whole number from 1 to 100")]
    [InlineData("el2n highest 0.3 norm=l1", "unknown key 'norm'")]
    [InlineData("el2n highest 0.3 at=500", "at most 100")]
    public void What_cannot_be_left_out_is_said_with_what_to_write(string written, string sentence) =>
        Assert.Contains(Problems(Glyphs("axes:", $"  prune: [{(written[0] == '{' ? written : $"'{written}'")}]")), problem => problem.Contains(sentence, StringComparison.Ordinal));

    [Fact]
    public void Scores_that_go_back_through_training_want_plain_descent() => Assert.Contains(
        "plain gradient descent only", OnlyProblem(Glyphs("training: {momentum: 0.9}", "prune: loss-sensitivity highest 0.1")), StringComparison.Ordinal);

    [Fact]
    public void A_sweep_cannot_hold_the_seeds_that_its_scores_are_computed_with() => Assert.Contains(
        "this sweep's scores are computed with",
        OnlyProblem(Glyphs("prune: el2n highest 0.1", $"seeds: [3, {ScoringTrial.SeedOf(3, 0)}]")), StringComparison.Ordinal);

    [Fact]
    public void Own_and_shared_noise_do_not_go_together_in_one_sweep_that_scores() => Assert.Contains(
        "'own' for all trials or a seed for all", OnlyProblem(Glyphs("prune: el2n highest 0.1", "axes: {noise-seed: [own, 7]}")), StringComparison.Ordinal);

    [Fact]
    public void A_cell_without_them_is_what_it_was_and_each_makes_it_another()
    {
        var plain = new Grid(With()).CellAt(0);

        Assert.Equal(plain, new Grid(With("prune: none", "noise-seed: own")).CellAt(0));
        Assert.NotEqual(plain, new Grid(With("prune: random 0.1")).CellAt(0));
        Assert.NotEqual(plain, new Grid(With("noise-seed: 0")).CellAt(0));
    }

    [Fact]
    public void The_kept_examples_follow_from_scores_alone_and_equal_scores_go_by_number()
    {
        double[] scores = [3, 1, double.NaN, 1, 2, double.PositiveInfinity, 1, 0];

        Assert.Equal([0, 1, 2, 3, 4, 6, 7], Kept("el2n highest 0.125"));
        Assert.Equal([1, 2, 3, 6, 7], Kept("el2n highest 0.375"));
        Assert.Equal([0, 3, 4, 5, 6], Kept("el2n lowest 0.375"));
        Assert.Equal([1, 3, 6, 7], Kept("el2n window 0.5 from=0.125"));
        Assert.Equal([2], Kept("el2n highest 0.99"));

        int[] Kept(string prune)
        {
            var bits = KeptBits.Unpack(KeptBits.Of(With($"prune: {prune}").Base.Prune, scores), scores.Length);
            return [.. Enumerable.Range(0, scores.Length).Where(example => bits[example])];
        }
    }
}
