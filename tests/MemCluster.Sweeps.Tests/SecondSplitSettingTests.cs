using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

/// <summary>Training in two phases, as a sweep file says it.</summary>
public sealed class SecondSplitSettingTests
{
    [Theory]
    [InlineData("after 20", "after 20", 0.5)]
    [InlineData("after 20 0.5", "after 20", 0.5)]
    [InlineData("{ after: 20, share: 0.25 }", "after 20 0.25", 0.25)]
    [InlineData("after share=0.25 after=20", "after 20 0.25", 0.25)]
    public void It_is_written_in_short_or_in_full(string written, string text, double share)
    {
        var spec = With($"training: {{ epochs: 40, second-split: {written} }}");

        Assert.Equal(new SecondSplit(20, share), spec.Base.Training.SecondSplit);
        Assert.Equal(spec.Base.Training, SpecFile.FromCanonical(spec.Canonical).Base.Training);
        Assert.Equal((string[])["none", text], With("training: { epochs: 40 }", "axes:", $"  second-split: [none, {written}]").Axes.Single().Values);
    }

    [Fact]
    public void Without_one_a_cell_is_what_it_was()
    {
        Assert.Equal(new Grid(With()).CellAt(0), new Grid(With("training: { second-split: none }")).CellAt(0));
        Assert.DoesNotContain("second", With("training: { second-split: none }").Canonical, StringComparison.Ordinal);
        Assert.DoesNotContain("SecondSplit", System.Text.Json.JsonSerializer.Serialize(new TrialSettings(), MessageJson.Options), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("epochs: 40, second-split: after", "does not say after which epoch; write 'after 20'")]
    [InlineData("epochs: 40, second-split: later 3", "second-split 'later' is not 'none', or 'after 20'")]
    [InlineData("epochs: 40, second-split: after 20 1", "share 1 is not a share above 0, below 1")]
    [InlineData("epochs: 40, second-split: after 0", "after 0 is not a whole number from 1")]
    [InlineData("epochs: 40, second-split: none 3", "takes no number")]
    [InlineData("epochs: 20, second-split: after 20", "the second split begins after epoch 20, and there are trials of 20; train longer, or begin it earlier")]
    [InlineData("epochs: 40, second-split: after 20, stop-at-train-accuracy: 1", "training.stop-at-train-accuracy ends a trial by what it knows of all training examples")]
    [InlineData("epochs: 40, second-split: after 20, stop-at-train-loss: 0.1", "training.stop-at-train-loss ends a trial by what it knows of all training examples")]
    public void What_can_not_be_is_said(string training, string problem) =>
        Assert.Contains(Problems(Glyphs($"training: {{ {training} }}")), said => said.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void What_is_forgotten_is_asked_where_there_is_a_second_split_only_and_nothing_is_left_out_by_it()
    {
        Assert.Equal("every 1", With("training: { epochs: 40, second-split: after 20 }", "measures: { second-split: every 1 }").Base.Measures!.SecondSplit!.Text);
        Assert.Contains("write 'training.second-split: after 20' too, or leave it out", OnlyProblem(Glyphs("measures: { second-split: every 1 }")), StringComparison.Ordinal);
        Assert.NotEmpty(Problems(Glyphs("training: { epochs: 40, second-split: after 20 }", "prune: second-split-forgetting lowest 0.1")));
    }

    [Fact]
    public void No_batch_of_either_split_has_a_single_example_to_be_normalized_by()
    {
        static string Cnn(string more) => $"sweep: s\ndata: {{ name: glyphs, train: 130 }}\nnetwork: cnn\ntraining: {{ epochs: 4, batch: 64{more} }}\n";

        Assert.Null(Read(Cnn("")).Base.Training.SecondSplit);
        Assert.Contains("a single example", OnlyProblem(Cnn(", second-split: after 2")), StringComparison.Ordinal);
    }
}
