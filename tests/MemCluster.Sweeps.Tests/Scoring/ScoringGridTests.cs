using CsCheck;
using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class ScoringGridTests
{
    private static readonly string[] Prunes =
        ["none", "random 0.1", "el2n highest 0.1", "el2n lowest 0.2", "el2n highest 0.1 runs=3", "input-gradient highest 0.1", "aum lowest 0.1", "forgetting highest 0.1"];

    private static readonly Gen<Grid> Grids = Gen.Select(
        Gen.Int[0, 255], Gen.Int[0, 2], Gen.Int[1, 3], Gen.Bool, Gen.Int[0, 2]).Select((which, noises, seeds, measured, order) =>
    {
        var prune = string.Join(", ", Prunes.Where((_, place) => (which >> place & 1) == 1).DefaultIfEmpty("none"));
        string[] axes =
        [
            $"  noise: [{string.Join(", ", new[] { "none", "label 0.2", "label 0.4" }[..(noises + 1)])}]", $"  prune: [{prune}]", "  rate: [0.1, 0.2]",
        ];
        string[] rotated = [.. axes[order..], .. axes[..order]];
        return new Grid(With([.. rotated.Prepend("axes:"), .. measured ? (string[])["  measures.loss: [none, last]"] : [], $"seeds: {seeds}"]));
    });

    [Fact]
    public void Whoever_needs_scores_is_among_those_who_wait_for_them_and_nobody_else() => Grids.Sample(grid =>
    {
        var needs = Enumerable.Range(0, grid.Count).SelectMany(place => grid.ScoresOf(place).Select(score => (place, score))).ToHashSet();
        var serves = Enumerable.Range(grid.Count, grid.ScoringCount).SelectMany(score => grid.PrunedBy(score).Select(place => (place, score))).ToHashSet();

        Assert.Equal(needs, serves);
        Assert.All(Enumerable.Range(grid.Count, grid.ScoringCount), score => Assert.NotEmpty(grid.PrunedBy(score)));
        Assert.All(Enumerable.Range(0, grid.Count), place => Assert.Equal(
            grid.SettingsAt(place).Prune is { NeedsScores: true } prune ? prune.Runs : 0, grid.ScoresOf(place).Count));
    });

    [Fact]
    public void Each_scoring_trial_is_computed_once_and_is_what_every_trial_that_waits_for_it_asks_for() => Grids.Sample(grid =>
    {
        var cells = Enumerable.Range(0, grid.Count + grid.ScoringCount).Select(grid.CellAt).ToArray();
        Assert.Equal(cells.Length, cells.Distinct().Count());
        for (var place = 0; place < grid.Count; place++)
        {
            foreach (var (run, score) in grid.ScoresOf(place).Index())
            {
                Assert.Equal(CellIdentity.Of(ScoringTrial.SettingsOf(grid.SettingsAt(place), run)), grid.CellAt(score));
            }
        }
    });

    [Fact]
    public void A_scoring_trial_has_the_noise_of_those_it_scores_for_and_another_seed_and_is_an_ordinary_trial()
    {
        var grid = new Grid(With("axes: {noise: [none, label 0.2], prune: [none, el2n highest 0.1, el2n lowest 0.3]}", "seeds: 2"));

        var scoring = grid.SettingsAt(grid.ScoresOf(9)[0]);

        Assert.Equal(4, grid.ScoringCount);
        Assert.Equal((1ul, 1ul, true), (grid.SettingsAt(9).Seed, scoring.NoiseSeed!.Value, scoring.Seed > 1ul << 62));
        Assert.Equal(Prune.None, scoring.Prune);
        Assert.Equal("every 1", scoring.Measures!.El2n!.Text);
        Assert.Equal("scores el2n · label 0.2 · for seed 1", grid.LabelAt(grid.ScoresOf(9)[0]));
        var alone = With("noise: label 0.2", "noise-seed: 1", "measures: {el2n: every 1}", $"seeds: [{scoring.Seed}]");
        Assert.Equal(grid.CellAt(grid.ScoresOf(9)[0]), new Grid(alone).CellAt(0));
    }

    /// <summary>If this fails, journals that exist speak of scores that no longer are.</summary>
    [Fact]
    public void The_seeds_of_scoring_trials_never_change() =>
        Assert.Equal([7378001751245601556ul, 5300247013322109878ul, 4782434694224144364ul], [ScoringTrial.SeedOf(0, 0), ScoringTrial.SeedOf(0, 1), ScoringTrial.SeedOf(1, 0)]);

    [Fact]
    public void Values_added_to_an_axis_leave_the_scoring_trials_there_were_what_they_are()
    {
        var before = new Grid(With("axes: {noise: [none], prune: [el2n highest 0.1]}", "seeds: 2"));
        var after = new Grid(With("axes: {noise: [none, label 0.2], prune: [el2n highest 0.1, el2n lowest 0.1, input-gradient highest 0.1]}", "seeds: 3"));

        Assert.Subset(CellsOf(after), CellsOf(before));

        static HashSet<CellId> CellsOf(Grid grid) => [.. Enumerable.Range(grid.Count, grid.ScoringCount).Select(grid.CellAt)];
    }
}
