using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

public sealed class PresetTests
{
    private const string File = """
        sweep: width
        data:     { name: mnist, train: 5000 }
        network:  { depth: 2 }
        training: { epochs: 100, rate: 0.05 }
        axes:
          noise:    [none, label 0.2]
          capacity: [32, 128]
        seeds: 3
        presets:
          paper: {}
          quick: { seeds: 1, training: { epochs: 20 }, data.train: 1000, axes.capacity: [16] }
          named: { sweep: another, axes: { rate: [0.1, 0.2] } }
        """;

    [Fact]
    public void A_preset_is_laid_over_the_file_key_by_key()
    {
        var written = Read("""
            sweep: width-quick
            data:     { name: mnist, train: 1000 }
            network:  { depth: 2 }
            training: { epochs: 20, rate: 0.05 }
            axes:
              noise:    [none, label 0.2]
              capacity: [16]
            seeds: 1
            """, null);

        var laid = Read(File, "quick");

        Assert.Equal(written.Canonical, laid.Canonical);
        Assert.Equal(written.Digest, laid.Digest);
        Assert.NotEqual(Read(File, null).Digest, laid.Digest);
    }

    [Fact]
    public void An_empty_value_takes_out_what_the_file_says()
    {
        var laid = Read(File.Replace("seeds: 1,", "axes: { capacity: ~ }, network: { kind: cnn, depth: ~ }, multiplier: 0.5, seeds: 1,", StringComparison.Ordinal)
            .Replace(", axes.capacity: [16]", "", StringComparison.Ordinal), "quick");

        Assert.Equal(["noise"], laid.Axes.Select(axis => axis.Name));
        Assert.Equal(new NetworkSettings { Kind = "cnn", Multiplier = 0.5 }, laid.Base.Network);
    }

    [Fact]
    public void Without_a_preset_the_file_is_what_it_says()
    {
        Assert.Equal("width", Read(File, null).Name.Name);
        Assert.Equal(Read(File, null).Digest, Read(File, "paper").Digest);
    }

    [Fact]
    public void The_name_gets_the_preset_unless_the_preset_or_a_set_names_the_sweep()
    {
        Assert.Equal("width-paper", Read(File, "paper").Name.Name);
        Assert.Equal("another", Read(File, "named").Name.Name);
        Assert.Equal("mine", Read(File, "quick", "sweep=mine").Name.Name);
    }

    [Fact]
    public void A_set_counts_over_the_preset() => Assert.Equal(5, Read(File, "quick", "training.epochs=5").Base.Training.Epochs);

    [Fact]
    public void An_axis_of_a_preset_takes_the_place_of_what_the_file_fixes()
    {
        var spec = Read(File, "named");

        Assert.Equal("rate", spec.Axes[2].Name);
    }

    [Fact]
    public void A_mistake_in_a_preset_stands_where_it_was_written_even_if_another_preset_is_used()
    {
        var file = File.Replace("seeds: 1,", "seeds: none, trainng: 3,", StringComparison.Ordinal);

        Assert.Equal(Problems(file, "quick"), Problems(file, "paper"));
        Assert.Equal(
            ["s.yaml:11:19  seeds 'none' is neither a count from 1 (seeds 0, 1, 2 …) nor a list such as [0, 7]; write 'seeds: 3'",
             "s.yaml:11:25  unknown key 'trainng'; did you mean 'training'?"],
            Problems(file, "paper"));
    }

    [Fact]
    public void A_mistake_of_the_file_is_said_once_and_one_that_a_preset_repairs_is_none()
    {
        Assert.Equal(["s.yaml:3:20  network.depth 99 is not a whole number from 0 to 64"], Problems(File.Replace("depth: 2", "depth: 99", StringComparison.Ordinal), "quick"));
        Assert.Equal(1000, Read(File.Replace("train: 5000", "train: 70000", StringComparison.Ordinal), "quick").Base.Data.Train);
    }

    [Theory]
    [InlineData("fast", "s.yaml:1:1  there is no preset 'fast' in this file; expected one of paper, quick, named")]
    [InlineData("quik", "s.yaml:1:1  there is no preset 'quik' in this file; did you mean 'quick'?")]
    public void A_preset_that_is_not_there_is_said_with_those_that_are(string preset, string problem) => Assert.Equal([problem], Problems(File, preset));

    [Fact]
    public void A_section_in_its_short_form_cannot_be_changed_in_part() => Assert.Equal(
        ["s.yaml:3:21  preset 'quick' changes a part of data, which the file writes in its short form; write it in full there, as 'data: { … }'"],
        Problems("sweep: s\ndata: glyphs\npresets: { quick: { data.train: 5 } }\n", "quick"));

    [Fact]
    public void Claims_are_no_part_of_a_sweeps_identity_and_stay_readable_on_one_line()
    {
        var without = Read(File, null);
        var with = Read(File + "\nclaims:\n  c: { measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: \">= 0.1\", says: \"a: \\\"b\\\" { c\" }\n", null);

        Assert.Equal(without.Digest, with.Digest);
        Assert.Empty(SpecDifference.Between(without.Canonical, with.Canonical));
        Assert.Equal(with.Canonical, SpecFile.FromCanonical(with.Canonical).Canonical);
        Assert.Equal(with.Claims, SpecFile.FromCanonical(with.Canonical).Claims);
    }

    private static SweepSpec Read(string text, string? preset, params string[] sets)
    {
        var reading = SpecFile.ParseFile(text, "s.yaml", sets, preset);
        Assert.True(reading.Spec is not null, string.Join('\n', reading.Problems));
        return reading.Spec;
    }

    private static string[] Problems(string text, string preset) =>
        [.. SpecFile.ParseFile(text, "s.yaml", [], preset).Problems.Select(problem => problem.ToString())];
}
