using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Tests;

/// <summary>Claims on how alike two scores order the examples.</summary>
public sealed class ScoreCorrelationTests
{
    [Theory]
    [InlineData("spearman_curvature_with_memorization", true)]
    [InlineData("spearman_cumulative_loss_with_c_score", true)]
    [InlineData("spearman_el2n_with_el2n", false)]
    [InlineData("spearman_el2n_with_correct", false)]
    [InlineData("spearman_el2n", false)]
    [InlineData("el2n_with_grand", false)]
    public void Two_different_scores_can_be_named(string name, bool known) => Assert.Equal(known, ScoreCorrelation.Find(name) is not null);

    [Fact]
    public void What_an_ensemble_says_needs_networks_that_were_not_trained_on_all()
    {
        var alone = ScoreCorrelation.Find("spearman_el2n_with_grand")!;
        var together = ScoreCorrelation.Find("spearman_el2n_with_c_score")!;

        Assert.Equal((false, true), (alone.NeedsHeldOut, together.NeedsHeldOut));
        Assert.Equal(["el2n", "grand"], alone.OfTrials);
        Assert.Equal(["el2n"], together.OfTrials);
    }

    [Fact]
    public void A_claim_over_one_is_read_and_a_wrong_name_says_how_it_is_written()
    {
        const string sweep = "sweep: s\ndata: { name: glyphs, train: 100 }\nmeasures: { el2n: last, grand: last }\nseeds: 3\nclaims: { alike: { group: NAME, holds: \">= 0.5\" } }\n";

        Assert.Empty(Problems("spearman_el2n_with_grand"));
        Assert.Contains("unknown group measure 'spearman_el2n_and_grand'", Assert.Single(Problems("spearman_el2n_and_grand")), StringComparison.Ordinal);
        Assert.Contains("is made of what networks say of examples that they were not trained on", Assert.Single(Problems("spearman_el2n_with_memorization")), StringComparison.Ordinal);

        static IEnumerable<string> Problems(string name) =>
            SpecFile.ParseFile(sweep.Replace("NAME", name, StringComparison.Ordinal), "s.yaml", [], null).Problems.Select(problem => problem.ToString());
    }
}
