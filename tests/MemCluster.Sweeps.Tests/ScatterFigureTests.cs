using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Tests;

/// <summary>Figures of two scores, as they are written.</summary>
public sealed class ScatterFigureTests
{
    private const string Sweep = """
        sweep: s
        data: { name: glyphs, train: 100 }
        measures: { el2n: last, learning: last, held-out: last }
        noise-seed: 0
        axes: { noise: [none, label 0.2], prune: [random 0.3, random 0.5] }
        seeds: 3
        figures:
          f: { FIGURE }
        """;

    [Fact]
    public void A_scatter_names_two_scores_of_trials_or_of_an_ensemble_and_which_trials()
    {
        var spec = Read("title: T, scatter: [el2n, memorization], where: { prune: random 0.5 }, panels: noise, log: x, source: S").Spec!;

        var figure = Assert.IsType<Figure.Scatter>(Assert.Single(SweepClaims.FiguresOf(spec).Figures));
        Assert.Equal(("T", "S", "el2n", "memorization", true, false), (figure.Title, figure.Source, figure.Scores.First, figure.Scores.Second, figure.LogX, figure.LogY));
        Assert.Equal(["spearman_el2n_with_memorization"], figure.Groups);
        Assert.Equal((int[])[-1, 1], figure.Runs.Places.AsEnumerable());
        Assert.Equal((int[])[0, 1], figure.Panels!.Values.AsEnumerable());
    }

    [Theory]
    [InlineData("scatter: [el2n, memorization], where: { noise: none }", "scatter does not say at which prune")]
    [InlineData("scatter: el2n, where: { noise: none, prune: first }", "scatter names two scores of the examples, such as 'scatter: [curvature, memorization]'")]
    [InlineData("scatter: [el2n, memorisation], where: { noise: none, prune: first }", "unknown score 'memorisation'; did you mean 'memorization'?")]
    [InlineData("scatter: [el2n, el2n], where: { noise: none, prune: first }", "scatter names 'el2n' twice")]
    [InlineData("scatter: [el2n, grand], where: { noise: none, prune: first }", "no trial of this sweep measures grand; add 'measures: { grand: last }'")]
    [InlineData("scatter: [el2n, aum], y: train_accuracy, where: { noise: none, prune: first }", "take y out")]
    [InlineData("scatter: [el2n, aum], series: noise, where: { prune: first }", "take series out")]
    [InlineData("scatter: [el2n, aum], log: z, where: { noise: none, prune: first }", "log names the axes with a logarithmic scale")]
    [InlineData("scatter: [el2n, aum], panels: capacity, where: { noise: none, prune: first }", "this sweep has no axis 'capacity'")]
    public void A_mistake_in_one_is_told_in_its_line(string figure, string problem)
    {
        var found = Assert.Single(Read(figure).Problems);

        Assert.Contains(problem, found.Sentence, StringComparison.Ordinal);
        Assert.Equal(8, found.Line);
    }

    [Fact]
    public void What_an_ensemble_says_needs_networks_that_were_not_trained_on_all_and_examples_that_all_have()
    {
        var file = Sweep.Replace("FIGURE", "scatter: [el2n, c_score], where: { noise: none, prune: first }", StringComparison.Ordinal);
        string Problem(string old, string with) => Assert.Single(SpecFile.ParseFile(file.Replace(old, with, StringComparison.Ordinal), "s.yaml", [], null).Problems).Sentence;

        Assert.Contains("is made of what networks say of examples that they were not trained on", Problem(", held-out: last", ""), StringComparison.Ordinal);
        Assert.Contains("is of examples that all trials have", Problem("train: 100", "train: 100, seed: per-seed"), StringComparison.Ordinal);
    }

    private static SpecReading Read(string figure) => SpecFile.ParseFile(Sweep.Replace("FIGURE", figure, StringComparison.Ordinal), "s.yaml", [], null);
}
