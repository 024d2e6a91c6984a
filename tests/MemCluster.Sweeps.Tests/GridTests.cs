using CsCheck;
using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class GridTests
{
    [Fact]
    public void The_seed_changes_fastest_then_the_last_axis()
    {
        var grid = new Grid(With("axes: {capacity: [8, 16], noise: [none, label 0.4]}", "seeds: [5, 3]"));

        Assert.Equal(
            [
                "none · 8 · seed 5", "none · 8 · seed 3", "none · 16 · seed 5", "none · 16 · seed 3",
                "label 0.4 · 8 · seed 5", "label 0.4 · 8 · seed 3", "label 0.4 · 16 · seed 5", "label 0.4 · 16 · seed 3",
            ],
            Enumerable.Range(0, grid.Count).Select(grid.LabelAt));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], Enumerable.Range(0, grid.Count).Select(grid.ConfigurationOf));
        Assert.Equal([0, 0, 1, 1, 0, 0, 1, 1], Enumerable.Range(0, grid.Count).Select(place => grid.ValueIndexAt(place, 1)));
    }

    [Fact]
    public void A_label_names_what_its_value_does_not_explain()
    {
        var grid = new Grid(With("axes: {rate: [0.1], noise: [label 0.4], capacity: [128], regularizer: [none]}"));

        Assert.Equal("label 0.4 · 128 · none · rate 0.1 · seed 0", grid.LabelAt(0));
    }

    [Fact]
    public void A_trial_has_the_settings_of_its_values_on_top_of_the_shared_ones()
    {
        var grid = new Grid(Read(Example));

        Assert.Equal(135, grid.Count);
        Assert.Equal(45, grid.Configurations);
        Assert.Equal(["label 0.4", "512", "weight-decay 0.001"], grid.ValuesAt(80).ToArray());
        Assert.Equal(
            Read(Example).Base with
            {
                Noise = new("label", 0.4),
                Network = new() { Width = 512 },
                Regularizer = new() { WeightDecay = 0.001 },
                Seed = 2,
            },
            grid.SettingsAt(80));
    }

    [Fact]
    public void Settings_agree_with_values_and_no_two_trials_are_the_same_cell() => Drawn.Files.Sample(file =>
    {
        var grid = new Grid(Read(file.Text, file.Sets));
        var cells = new HashSet<CellId>();
        foreach (var place in Enumerable.Range(0, Math.Min(grid.Count, 200)))
        {
            var settings = grid.SettingsAt(place);
            var texts = grid.Spec.Axes.Select(axis => SettingsSchema.Find(axis.Name)!.TextOf(settings));
            Assert.Equal(grid.ValuesAt(place), texts);
            Assert.Equal(grid.SeedAt(place), settings.Seed);
            Assert.True(cells.Add(grid.CellAt(place)), grid.LabelAt(place));
            foreach (var setting in SettingsSchema.All.Where(setting => !grid.Spec.Axes.Any(axis => axis.Name == setting.Name)))
            {
                Assert.Equal(setting.TextOf(grid.Spec.Base), setting.TextOf(settings));
            }
        }
    });

    [Fact]
    public void Every_combination_is_there_once() => Drawn.Files.Sample(file =>
    {
        var grid = new Grid(Read(file.Text, file.Sets));
        if (grid.Count < 2000)
        {
            var product = grid.Spec.Axes.Aggregate(1, (count, axis) => count * axis.Values.Length) * grid.Spec.Seeds.Count;
            Assert.Equal(product, Enumerable.Range(0, grid.Count).Select(grid.LabelAt).Distinct().Count());
        }
    });

    [Fact]
    public void A_place_outside_the_grid_is_refused()
    {
        var grid = new Grid(With("seeds: 3"));

        Assert.Throws<ArgumentOutOfRangeException>(() => grid.SettingsAt(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.SeedAt(-1));
    }

    [Fact]
    public void A_million_trials_are_planned_without_being_made()
    {
        var values = string.Join(", ", Enumerable.Range(1, 1000));
        var text = Glyphs($"axes: {{capacity: [{values}], noise: [none, label 0.2, label 0.4, label 0.8], regularizer: [none, dropout 0.5, weight-decay 1e-3, dropout 0.3 + weight-decay 1e-4, input-noise 0.1]}}", "seeds: 50");
        _ = new Grid(Read(text)); // the first time compiles

        var before = GC.GetAllocatedBytesForCurrentThread();
        var grid = new Grid(Read(text));

        Assert.Equal(1_000_000, grid.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000); // 20 bytes for each trial would be too little to make one
    }
}
