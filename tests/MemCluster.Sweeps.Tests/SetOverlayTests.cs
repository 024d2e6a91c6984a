using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class SetOverlayTests
{
    [Fact]
    public void A_set_counts_as_part_of_the_file()
    {
        var set = Read(Example, "training.epochs=5", "data.name=cifar10", "sweep=other-name", "seeds=1", "question=Why?");
        var written = Read(Example.Replace("epochs: 100", "epochs: 5", StringComparison.Ordinal).Replace("mnist", "cifar10", StringComparison.Ordinal)
            .Replace("sweep: noise-by-capacity", "sweep: other-name", StringComparison.Ordinal).Replace("seeds: 3", "seeds: 1", StringComparison.Ordinal)
            .Replace("Does label noise raise the width that a network needs?", "Why?", StringComparison.Ordinal));

        Assert.Equal(written.Canonical, set.Canonical);
        Assert.Equal(written.Digest, set.Digest);
    }

    [Theory]
    [InlineData("axes.noise=[none]", "none")]
    [InlineData("axes.noise=none", "none")]
    [InlineData("axes.noise=[none, label 0.5 keep-true-class=false]", "none|label 0.5 keep-true-class=false")]
    [InlineData("axes.noise={kind: label, level: 0.5}", "label 0.5")]
    public void An_axis_is_replaced_where_it_stands(string set, string values)
    {
        var spec = Read(Example, set);

        Assert.Equal(3, spec.Axes.Length);
        Assert.Equal("noise", spec.Axes[0].Name);
        Assert.Equal(values.Split('|'), spec.Axes[0].Values);
    }

    [Fact]
    public void An_axis_that_is_set_takes_the_place_of_what_the_file_fixes()
    {
        var spec = Read(Example, "axes.rate=[0.1, 0.2]");

        Assert.Equal("rate", spec.Axes[3].Name);
        Assert.Equal(0.01, spec.Base.Training.Rate);
    }

    [Fact]
    public void A_set_may_add_an_axis_or_a_setting_by_any_of_its_names()
    {
        var spec = Read(Example, "axes.training.momentum=[0, 0.5]", "axes.epochs=[1, 2]", "rate=0.1", "precision=float64");

        Assert.Equal(["noise", "capacity", "regularizer", "momentum", "training.epochs"], spec.Axes.Select(axis => axis.Name));
        Assert.Equal(0.1, spec.Base.Training.Rate);
        Assert.Equal("float64", spec.Base.Numerics.Precision);
    }

    [Fact]
    public void A_section_is_replaced_as_a_whole()
    {
        var spec = Read(Example, "network=sleep 0.5");

        Assert.Equal(new NetworkSettings { Kind = "sleep", Seconds = 0.5 }, spec.Base.Network);
    }

    [Fact]
    public void The_later_set_counts() => Assert.Equal(7, Read(Example, "training.batch=5", "training.batch=7").Base.Training.Batch);

    [Fact]
    public void What_a_set_replaces_need_not_be_right() =>
        Assert.Equal(0.2, Read(Glyphs("noise: nonsense"), "noise=label 0.2").Base.Noise.Level);

    [Theory]
    [InlineData("training.epochs=five", "training.epochs 'five' is not a whole number from 1 to 1,000,000")]
    [InlineData("claims.gap=none", "claims and figures are written in the file, or in a preset of it")]
    [InlineData("training.epoch=5", "unknown setting 'training.epoch'; did you mean 'training.epochs'?")]
    [InlineData("axes.nose=none", "unknown axis 'nose'; did you mean 'noise'?")]
    [InlineData("axes.noise=", "axis 'noise' is empty; give it at least one value, a noise such as 'none' or 'label 0.2' (none, label, input, uniform-input, shuffled-pixels, random-pixels), or take it out")]
    [InlineData("noise.level=0.2", "noise is set as a whole; give it a noise such as 'none' or 'label 0.2' (none, label, input, uniform-input, shuffled-pixels, random-pixels)")]
    [InlineData("noise=label 0.2", "noise is an axis of this sweep; set the axis instead: --set axes.noise=[VALUE]")]
    [InlineData("network.width=5", "network.width is an axis of this sweep; set the axis instead: --set axes.capacity=[VALUE]")]
    [InlineData("data.train=70000", "mnist has 50,000 training examples, 70,000 asked for; ask for at most 50,000")]
    [InlineData("verbose", "this is no setting; write --set PATH=VALUE, such as --set training.epochs=5")]
    [InlineData("=5", "this is no setting; write --set PATH=VALUE, such as --set training.epochs=5")]
    [InlineData("seeds=[1", "a bracket is not closed, or a comma is missing between two values; add it")]
    [InlineData("sweep=Big One", "'Big One' is no name for a sweep; use 1 to 64 lower-case letters, digits and hyphens, such as 'noise-by-capacity'")]
    public void A_problem_in_a_set_names_the_set(string set, string expected) =>
        Assert.Equal($"--set {set}  {expected}", OnlyProblem(Example, set));

    /// <summary>There are a hundred settings, which would be no help.</summary>
    [Fact]
    public void A_name_that_is_like_no_setting_is_answered_with_a_few() =>
        Assert.Matches("^--set some.thing=1  unknown setting 'some.thing'; there are [0-9]+, such as [^,]+(, [^,]+){4}$", OnlyProblem(Example, "some.thing=1"));
}
