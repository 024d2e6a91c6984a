using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

/// <summary>Which examples are drawn, as a sweep file says it.</summary>
public sealed class DataSeedTests
{
    private static string Sweep(string data, params string[] lines) => $"sweep: s\ndata: {{ name: glyphs, train: 100, {data} }}\n{string.Join('\n', lines)}\n";

    [Theory]
    [InlineData("none", "none")]
    [InlineData("per-seed", "per-seed")]
    [InlineData("7", "7")]
    [InlineData("1e3", "1000")]
    [InlineData("0", "0")]
    public void A_draw_has_one_short_form_that_reads_back(string written, string shortForm)
    {
        Assert.Equal(shortForm, Read(Sweep($"seed: {written}")).Base.Data.Seed);
        Assert.Equal(shortForm, Read("sweep: s\ndata: { name: glyphs, train: 100 }\naxes: { data.seed: [" + written + "] }\n").Axes.Single().Values.Single());
        Assert.Equal(shortForm, SpecFile.FromCanonical(Read(Sweep($"seed: {written}")).Canonical).Base.Data.Seed);
    }

    [Fact]
    public void A_cell_whose_examples_are_the_first_ones_is_what_it_was_and_each_draw_makes_it_another()
    {
        var plain = new Grid(Read(Sweep(""))).CellAt(0);

        Assert.Equal(plain, new Grid(Read(Sweep("seed: none"))).CellAt(0));
        Assert.Equal(3, new[] { "0", "1", "per-seed" }.Select(seed => new Grid(Read(Sweep($"seed: {seed}"))).CellAt(0)).Where(cell => cell != plain).Distinct().Count());
        Assert.DoesNotContain("seed", System.Text.Json.JsonSerializer.Serialize(new DataSettings { Name = "glyphs" }, MessageJson.Options), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Seed_alone_is_a_trials_and_never_that_of_the_draw()
    {
        Assert.Null(SettingsSchema.Find("seed"));
        Assert.Contains(Problems(Sweep("", "axes: { seed: [1, 2] }")), problem => problem.Contains("'seed'", StringComparison.Ordinal));
        Assert.Equal("3", Read(Sweep(""), "data.seed=3").Base.Data.Seed);
    }

    [Theory]
    [InlineData("seed: -1", "is not a seed: a whole number from 0 to 2^63 - 1; per-seed, or none")]
    [InlineData("seed: own", "is not a seed")]
    public void What_is_no_draw_is_said_with_what_to_write(string data, string sentence) =>
        Assert.Contains(sentence, OnlyProblem(Sweep(data)), StringComparison.Ordinal);

    [Fact]
    public void A_draw_of_all_examples_is_none_and_is_refused() => Assert.Contains(
        "all of them are; write how many, such as 'data: { train: 5000 }'", OnlyProblem("sweep: s\ndata: { name: glyphs, seed: per-seed }\n"), StringComparison.Ordinal);

    [Fact]
    public void A_trial_is_scored_by_one_that_has_the_same_examples()
    {
        var spec = Read(Sweep("seed: per-seed", "noise: label 0.2", "prune: el2n highest 0.1", "seeds: [5, 6]"));
        var grid = new Grid(spec);

        var scoring = grid.SettingsAt(grid.ScoresOf(1)[0]);
        Assert.Equal(("6", 6UL), (scoring.Data.Seed, scoring.NoiseSeed));
        Assert.NotEqual(6UL, scoring.Seed);
        Assert.Contains(
            "data.seed is 'per-seed' or a seed for all trials that draw",
            OnlyProblem("sweep: s\ndata: { name: glyphs, train: 100 }\nprune: el2n highest 0.1\naxes: { data.seed: [per-seed, 3] }\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claims: { c: { group: first_epoch_overdispersion, holds: '>= 4' } }", "'c' is about first_epoch_overdispersion")]
    [InlineData("claims: { c: { group: memorization_mean, holds: '>= 0' } }", "'c' is about memorization_mean")]
    [InlineData("figures: { f: { x: examples, y: first_epoch_correct } }", "'f' is about first_epoch_overdispersion")]
    public void What_takes_examples_of_all_trials_together_is_refused_where_each_has_its_own(string part, string sentence)
    {
        string[] lines = ["measures: { learning: last, held-out: last }", "prune: random 0.3", part];

        var problem = Assert.Single(SpecFile.ParseFile(Sweep("seed: per-seed", lines), "s.yaml", [], null).Problems);
        Assert.Contains(sentence, problem.Sentence, StringComparison.Ordinal);
        Assert.Equal(5, problem.Line);
        Assert.NotNull(SpecFile.ParseFile(Sweep("seed: 0", lines), "s.yaml", [], null).Spec);
        Assert.NotNull(SpecFile.ParseFile(Sweep("seed: per-seed", [.. lines[..2], "claims: { c: { group: corrupted_auroc_el2n, holds: '>= 0.5' } }"]), "s.yaml", [], null).Spec);
    }
}
