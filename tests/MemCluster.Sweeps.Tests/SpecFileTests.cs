using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class SpecFileTests
{
    [Fact]
    public void The_example_of_the_readme_reads_as_written()
    {
        var spec = Read(Example);

        Assert.Equal("noise-by-capacity", spec.Name.Name);
        Assert.Equal("Does label noise raise the width that a network needs?", spec.Question);
        Assert.Equal(
            new TrialSettings
            {
                Data = new() { Name = "mnist", Train = 5000, Validation = 5000 },
                Training = new() { Epochs = 100, Batch = 128, Rate = 0.05, Momentum = 0.9, StopAtTrainAccuracy = 1 },
            },
            spec.Base);
        Assert.Equal(["noise", "capacity", "regularizer"], spec.Axes.Select(axis => axis.Name));
        Assert.Equal(["none", "label 0.2", "label 0.4", "label 0.8", "input 0.5"], spec.Axes[0].Values.ToArray());
        Assert.Equal(["32", "128", "512"], spec.Axes[1].Values.ToArray());
        Assert.Equal(["none", "dropout 0.5", "weight-decay 0.001"], spec.Axes[2].Values.ToArray());
        Assert.Equal(3, spec.Seeds.Count);
    }

    [Theory]
    [InlineData("noise: label 0.20", "label 0.2")]
    [InlineData("noise: {kind: label, level: 0.2, keep-true-class: true}", "label 0.2")]
    [InlineData("noise: {level: 0.2, kind: label, keep-true-class: false}", "label 0.2 keep-true-class=false")]
    [InlineData("noise: label 0.2 keep-true-class=false", "label 0.2 keep-true-class=false")]
    [InlineData("noise: label level=2e-1", "label 0.2")]
    [InlineData("noise: 'input 1'", "input 1")]
    [InlineData("noise: {kind: shuffled-pixels}", "shuffled-pixels")]
    [InlineData("noise: shuffled-pixels 1", "shuffled-pixels")]
    [InlineData("noise: uniform-input 0.25", "uniform-input 0.25")]
    [InlineData("noise: random-pixels 0.5", "random-pixels 0.5")]
    [InlineData("regularizer: dropout 0.5", "dropout 0.5")]
    [InlineData("regularizer: {kind: dropout, rate: .5}", "dropout 0.5")]
    [InlineData("regularizer: dropout 0.3 + weight-decay 1e-4", "dropout 0.3 + weight-decay 0.0001")]
    [InlineData("regularizer: weight-decay 1e-4+dropout 0.3", "dropout 0.3 + weight-decay 0.0001")]
    [InlineData("regularizer: [[{kind: weight-decay, decay: 1e-4}, dropout 0.3]]", "dropout 0.3 + weight-decay 0.0001")]
    [InlineData("regularizer: weight-decay 0.001 decay-on=all", "weight-decay 0.001 decay-on=all")]
    [InlineData("regularizer: {kind: weight-decay, decay: 0.001, decay-on: weights}", "weight-decay 0.001")]
    [InlineData("regularizer: input-noise 0.1 + hidden-noise 0.2 + input-dropout 0.3", "input-dropout 0.3 + input-noise 0.1 + hidden-noise 0.2")]
    [InlineData("training.schedule: {every: 20, factor: 0.5}", "step 20 0.5")]
    [InlineData("schedule: step 20 0.5", "step 20 0.5")]
    [InlineData("schedule: step factor=0.5 every=20", "step 20 0.5")]
    [InlineData("schedule: constant", "constant")]
    [InlineData("rate: 1e-3", "0.001")]
    [InlineData("training.rate: [5e-05]", "0.00005")]
    [InlineData("network.width: 1e3", "1000")]
    [InlineData("data.train: all", "all")]
    [InlineData("data.balanced: true", "true")]
    [InlineData("epochs: 50", "50")]
    public void A_value_has_one_short_form_however_it_is_written(string axis, string expected) =>
        Assert.Equal(expected, Assert.Single(AxisValues(axis)));

    [Theory]
    [InlineData("noise: label 0", "none")]
    [InlineData("noise: {kind: input, level: 0.0}", "none")]
    [InlineData("noise: label 0 keep-true-class=false", "none")]
    [InlineData("regularizer: dropout 0", "none")]
    [InlineData("regularizer: dropout 0 + weight-decay 0 decay-on=all", "none")]
    [InlineData("regularizer: dropout 0.5 + weight-decay 0", "dropout 0.5")]
    [InlineData("schedule: step 20 1", "constant")]
    [InlineData("momentum: -0.0", "0")]
    public void What_changes_nothing_is_none(string axis, string expected) =>
        Assert.Equal(expected, Assert.Single(AxisValues(axis)));

    [Fact]
    public void Fixed_settings_stand_at_the_top_or_in_their_section()
    {
        var spec = With(
            "noise: {kind: label, level: 0.4}", "regularizer: [dropout 0.3, weight-decay 1e-4]", "numerics: native", "threads: 2", "precision: float64",
            "network: {depth: 3, width: 64}", "training: {schedule: step 10 0.5, epochs: 7}");

        Assert.Equal(
            new TrialSettings
            {
                Data = new() { Name = "glyphs" },
                Network = new() { Depth = 3, Width = 64 },
                Training = new() { Epochs = 7, Schedule = new(10, 0.5) },
                Noise = new("label", 0.4),
                Regularizer = new() { Dropout = 0.3, WeightDecay = 0.0001 },
                Numerics = new() { InstructionSet = "native", Threads = 2, Precision = "float64" },
            },
            spec.Base);
    }

    [Theory]
    [InlineData("network: sleep 0.5")]
    [InlineData("network: {kind: sleep, seconds: 0.5}")]
    [InlineData("network: sleep seconds=0.5")]
    public void A_sleep_sweep_needs_no_data_and_carries_any_axes(string network)
    {
        var spec = Read($"sweep: s\n{network}\naxes: {{capacity: [1, 2], noise: [none, label 0.5], depth: [1]}}\n");

        Assert.Equal(new NetworkSettings { Kind = "sleep", Seconds = 0.5 }, spec.Base.Network);
        Assert.Equal(["noise", "capacity", "depth"], spec.Axes.Select(axis => axis.Name));
    }

    [Theory]
    [InlineData("data: mnist", 0)]
    [InlineData("data: mnist train=500", 500)]
    [InlineData("data:\n  name: mnist\n  train: 500", 500)]
    public void Data_may_be_written_in_short(string data, int train) =>
        Assert.Equal(new DataSettings { Name = "mnist", Train = train == 0 ? null : train }, Read($"sweep: s\n{data}\n").Base.Data);

    [Fact]
    public void Noise_capacity_and_regularizer_come_first_and_the_others_as_the_file_has_them()
    {
        var spec = With("axes: {training.rate: [0.1, 1], regularizer: [none], data.train: [10], network.width: [3], batch: [8], noise: [none]}");

        Assert.Equal(["noise", "capacity", "regularizer", "rate", "data.train", "batch"], spec.Axes.Select(axis => axis.Name));
    }

    [Fact]
    public void Seeds_are_counted_or_listed_and_a_list_from_zero_is_a_count()
    {
        Assert.Equal(1, With().Seeds.Count);
        Assert.Equal(2UL, With("seeds: 3").Seeds[2]);
        var listed = With("seeds: [7, 0, 9223372036854775807]").Seeds;
        Assert.Equal([7UL, 0UL, 9223372036854775807UL], new[] { listed[0], listed[1], listed[2] });
        Assert.False(With("seeds: [0, 1, 2]").Seeds.IsListed);
        Assert.True(With("seeds: [1, 0]").Seeds.IsListed);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_no_problem() =>
        Assert.Equal(Read(Example).Digest, Read("\uFEFF" + Example.ReplaceLineEndings("\r\n")).Digest);

    [Fact]
    public void A_value_typed_by_a_person_is_found_in_its_canonical_form()
    {
        var setting = SettingsSchema.Find("regularizer")!;

        Assert.Equal("weight-decay 0.001", SettingsSchema.Canonical(setting, "weight-decay 1e-3", out _));
        Assert.Null(SettingsSchema.Canonical(setting, "weigth-decay 1e-3", out var problem));
        Assert.Contains("did you mean 'weight-decay'?", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_can_be_an_axis_and_be_fixed()
    {
        foreach (var setting in SettingsSchema.All)
        {
            var text = setting.Name == "data.name" ? "mnist" : setting.TextOf(new TrialSettings());
            var kind = setting.Path switch
            {
                "network.seconds" or "network.kind" => "network: sleep",
                "network.depth" or "network.width" or "network.widths" or "network.init" => "network: mlp",
                _ => setting.Section == "network" ? "network: cnn" : "network: mlp",
            };
            var others = setting.Name switch { "data.name" => kind, "network" => "data: glyphs", _ => $"data: glyphs\n{kind}" };
            Assert.Equal(setting.Name, Read($"sweep: s\n{others}\naxes: {{{setting.Path}: ['{text}']}}\n").Axes.Single().Name);
            Read($"sweep: s\n{others}\n", $"{setting.Path}={text}");
        }
    }
}
