using CsCheck;
using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class CanonicalSpecTests
{
    [Fact]
    public void The_canonical_form_has_a_fixed_order_short_forms_and_no_defaults()
    {
        var spec = Read("""
            seeds: [4, 7]
            axes:
              rate: [1e-3, 0.1]
              noise: [{kind: label, level: 0.20}, none]
            threads: 2
            training: { momentum: 0, schedule: {every: 20, factor: 0.5} }
            question: Why "so"?
            regularizer: none
            data: { validation: all, train: 5000, name: mnist }
            sweep: s
            network: mlp depth=2
            """);

        Assert.Equal("""
            sweep: s
            question: "Why \"so\"?"
            data:
              name: mnist
              train: 5000
            training:
              schedule: step 20 0.5
            threads: 2
            axes:
              noise: [label 0.2, none]
              rate: [0.001, 0.1]
            seeds: [4, 7]

            """.ReplaceLineEndings("\n"), spec.Canonical);
    }

    [Fact]
    public void Reading_the_canonical_form_gives_the_spec_again() => Drawn.Files.Sample(file =>
    {
        var spec = Read(file.Text, file.Sets);
        var again = SpecFile.FromCanonical(spec.Canonical);

        Assert.Equal(spec.Canonical, again.Canonical);
        Assert.Equal(spec.Digest, again.Digest);
        Assert.Equal(spec.Base, again.Base);
        Assert.Equal(spec.Axes.Select(Shown), again.Axes.Select(Shown));
        Assert.Equal(AllSeeds(spec), AllSeeds(again));
    });

    [Fact]
    public void Any_question_survives() => Gen.String.Sample(question =>
    {
        var text = Glyphs("question: " + System.Text.Json.JsonSerializer.Serialize(question));
        if (SpecFile.Parse(text, "s.yaml", []).Spec is { } spec)
        {
            Assert.Equal(spec.Question, SpecFile.FromCanonical(spec.Canonical).Question);
        }
    });

    [Theory]
    [InlineData("schedule: {every: 5, factor: 0.5}", "schedule: step 5 0.5")]
    [InlineData("schedule: {kind: at, epochs: [120, 60], factor: .2}", "schedule: at 60,120 0.2")]
    [InlineData("schedule: inverse-sqrt 2", "schedule: inverse-sqrt 2")]
    [InlineData("schedule: {kind: inverse-sqrt, every: 2}", "schedule: inverse-sqrt 2")]
    [InlineData("loss: {kind: smoothed-log, mean-over-classes: true}", "loss: smoothed-log 0.1 mean-over-classes=true")]
    [InlineData("loss: squared", "loss: squared")]
    [InlineData("loss: cross-entropy mean-over-classes=true", "loss: cross-entropy mean-over-classes=true")]
    public void Settings_of_training_have_a_short_form(string given, string written)
    {
        var spec = With($"training: {{ {given} }}");

        Assert.Contains("  " + written + "\n", spec.Canonical, StringComparison.Ordinal);
        Assert.Equal(spec.Base, SpecFile.FromCanonical(spec.Canonical).Base);
    }

    [Theory]
    [InlineData("adversarial 0.5 iterations=10", "adversarial 0.5")]
    [InlineData("{kind: adversarial, weight: .5, iterations: 5, radius: 1}", "adversarial 0.5 radius=1 iterations=5")]
    [InlineData("adversarial 0.2 beta=0 + dropout 0.1", "dropout 0.1 + adversarial 0.2 beta=0")]
    [InlineData("adversarial 0 radius=8", null)]
    public void Adversarial_training_has_a_short_form(string given, string? written)
    {
        var spec = With($"regularizer: {given}");

        Assert.Equal(written is null ? [] : [$"regularizer: {written}"], spec.Canonical.Split('\n').Where(line => line.StartsWith("regularizer", StringComparison.Ordinal)));
        Assert.Equal(spec.Base, SpecFile.FromCanonical(spec.Canonical).Base);
    }

    [Theory]
    [InlineData("Why: #1 [a] {b} & *c ! % @ `d` 'e' \\ \"f\"")]
    [InlineData("zwei\nZeilen\tTab")]
    [InlineData("Größe, 大きさ, 😀 \u2028 \u0085 \uFEFF!")]
    public void A_question_with_odd_letters_survives(string question)
    {
        var spec = With("question: " + System.Text.Json.JsonSerializer.Serialize(question));

        Assert.Equal(question, spec.Question);
        Assert.Equal(question, SpecFile.FromCanonical(spec.Canonical).Question);
    }

    [Fact]
    public void The_digest_depends_on_what_the_grid_follows_from_and_on_nothing_else()
    {
        var digest = Read(Example).Digest;

        Assert.Equal(64, digest.Length);
        Assert.Equal(digest, Read(Example, "sweep=other", "question=Other?", "network.depth=2", "regularizer=none", "axes.regularizer=[none, dropout .5, weight-decay 0.001]").Digest);
        string[] others =
        [
            "seeds=4", "seeds=[0, 2, 1]", "training.epochs=5", "data.train=4999", "threads=2", "axes.noise=[none, label 0.2, label 0.4, label 0.8]",
            "axes.noise=[label 0.2, none, label 0.4, label 0.8, input 0.5]", "axes.batch=[128]", "axes.capacity=[32, 128, 511]", "network=sleep 1",
        ];
        Assert.Equal(others.Length + 1, others.Select(set => Read(Example, set).Digest).Append(digest).Distinct().Count());
    }

    [Fact]
    public void The_digest_of_a_known_spec_never_changes() =>
        Assert.Equal("ec6a34ed248e85ce75f100698c3bffd5bedcd38cfe0c658138ad374c78c5e8a8", Read(Example).Digest);

    [Fact]
    public void A_text_that_no_version_wrote_is_refused_with_its_problems() =>
        Assert.Contains("unknown noise 'lable'", Assert.Throws<FormatException>(() => SpecFile.FromCanonical(Glyphs("noise: lable 1"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_difference_names_what_was_and_what_is()
    {
        var before = Read(Example).Canonical;

        Assert.Empty(SpecDifference.Between(before, Read(Example, "question=Other?").Canonical));
        Assert.Equal(
            [
                "- data.split: validation (default)", "+ data.split: test", "- training.epochs: 100 (default)", "+ training.epochs: 5", "- threads: 1 (default)", "+ threads: 2", "- axes.noise: label 0.2, label 0.4", "+ axes.noise: label 0.6",
                "- axes.capacity: 32, 128, 512", "+ axes.capacity: 512, 128, 32", "+ axes.regularizer: dropout 0.25", "- seeds: 3", "+ seeds: [3, 4]",
            ],
            SpecDifference.Between(before, Read(
                Example, "training.epochs=5", "threads=2", "axes.noise=[none, label 0.6, label 0.8, input 0.5]", "axes.capacity=[512, 128, 32]",
                "axes.regularizer=[none, dropout 0.5, weight-decay 1e-3, dropout .25]", "seeds=[3,4]", "data.split=test").Canonical));
    }

    [Fact]
    public void A_long_difference_is_cut()
    {
        var many = string.Join(", ", Enumerable.Range(1, 100));

        Assert.Equal(
            ["+ axes.batch: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 … 88 more"],
            SpecDifference.Between(With().Canonical, With($"axes: {{batch: [{many}]}}").Canonical));
        Assert.EndsWith("13 … 87 more", SpecDifference.Between(With("axes: {batch: [1]}").Canonical, With($"axes: {{batch: [{many}]}}").Canonical)[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.001, "0.001")]
    [InlineData(1e-5, "0.00001")]
    [InlineData(1.0, "1")]
    [InlineData(-0.0, "0")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(1.5e-9, "0.0000000015")]
    [InlineData(1.5e-10, "1.5e-10")]
    [InlineData(1e17, "100000000000000000")]
    [InlineData(1e300, "1e300")]
    public void A_number_has_the_fewest_digits_and_no_exponent_where_that_is_readable(double number, string text) =>
        Assert.Equal(text, ShortNumber.Write(number));

    [Fact]
    public void A_written_number_reads_back_as_itself() => Gen.Double.Where(double.IsFinite).Sample(number =>
        Assert.True(ShortNumber.TryRead(ShortNumber.Write(number), out var read) && read == number, $"{number:R}"));

    private static string Shown(Axis axis) => $"{axis.Name}: {string.Join(" | ", axis.Values)}";

    private static IEnumerable<ulong> AllSeeds(SweepSpec spec) => Enumerable.Range(0, spec.Seeds.Count).Select(index => spec.Seeds[index]);
}
