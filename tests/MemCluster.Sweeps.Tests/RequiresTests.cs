using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

/// <summary>What a sweep asks of machines: said in the file, no part of what its trials are.</summary>
public sealed class RequiresTests
{
    [Theory]
    [InlineData("requires: { memory: 8GiB, label: gpu }", 8L << 30, "gpu")]
    [InlineData("requires: { label: [gpu, big, gpu] }", 0, "big gpu")]
    [InlineData("requires:\n  memory: 1.5 GB\n", 1_500_000_000, "")]
    [InlineData("requires: { memory: 4096 }", 4096, "")]
    [InlineData("requires: {}", 0, "")]
    [InlineData("requires:", 0, "")]
    public void A_sweep_may_ask_for_memory_and_labels(string lines, long memory, string labels)
    {
        var requires = With(lines).Requires;

        Assert.Equal((memory, labels), (requires.MemoryBytes, string.Join(' ', requires.Labels)));
    }

    [Fact]
    public void The_canonical_text_holds_it_and_gives_it_again()
    {
        var spec = With("requires: { label: [gpu, big], memory: 1536MiB }");
        var again = SpecFile.FromCanonical(spec.Canonical);

        Assert.EndsWith("requires:\n  memory: 1536MiB\n  label: [big, gpu]\n", spec.Canonical, StringComparison.Ordinal);
        Assert.Equal(spec.Canonical, again.Canonical);
        Assert.Equal(["big", "gpu"], again.Requires.Labels.ToArray());
    }

    [Fact]
    public void It_changes_no_digest_no_cell_and_is_no_difference()
    {
        var (plain, asking) = (With(), With("requires: { memory: 8GiB, label: gpu }"));

        Assert.Equal(plain.Digest, asking.Digest);
        Assert.Equal(new Grid(plain).CellAt(0), new Grid(asking).CellAt(0));
        Assert.Empty(SpecDifference.Between(plain.Canonical, asking.Canonical));
    }

    [Fact]
    public void A_set_replaces_one_part_or_all_of_it()
    {
        var text = Glyphs("requires: { memory: 8GiB, label: gpu }");

        Assert.Equal((1L << 30, "gpu"), Shown(text, "requires.memory=1GiB"));
        Assert.Equal((8L << 30, "a b"), Shown(text, "requires.label=[b, a]"));
        Assert.Equal((8L << 30, ""), Shown(text, "requires.label=[]"));
        Assert.Equal((0, "quiet"), Shown(text, "requires={label: quiet}"));

        static (long, string) Shown(string text, string set) =>
            Read(text, set).Requires is var requires ? (requires.MemoryBytes, string.Join(' ', requires.Labels)) : default;
    }

    [Theory]
    [InlineData("requires: gpu", "s.yaml:3:11  requires is a mapping such as 'requires: { memory: 8GiB, label: gpu }'")]
    [InlineData("requires: { memory: lots }", "s.yaml:3:21  memory 'lots' is not an amount of memory such as 8GiB, 512MiB or 16GB")]
    [InlineData("requires: { memory: [1] }", "s.yaml:3:21  memory is an amount of memory such as 8GiB, 512MiB or 16GB")]
    [InlineData("requires: { label: 'two words' }", "s.yaml:3:20  a label is 1 to 63 letters, digits, dots, hyphens and underscores, such as gpu, not 'two words'")]
    [InlineData("requires: { label: [gpu, {}] }", "s.yaml:3:26  a label is 1 to 63 letters, digits, dots, hyphens and underscores, such as gpu")]
    [InlineData("requires: { labels: gpu }", "s.yaml:3:13  unknown key 'labels' in requires; did you mean 'label'?")]
    [InlineData("require: { label: a }", "s.yaml:3:1  unknown key 'require'; did you mean 'requires'?")]
    public void A_mistake_has_its_place_and_says_what_to_write(string lines, string expected) => Assert.Equal(expected, OnlyProblem(Glyphs(lines)));
}
