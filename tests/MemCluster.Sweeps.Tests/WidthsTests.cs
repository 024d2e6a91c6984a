using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

/// <summary>Hidden layers of several widths, as a sweep file says them.</summary>
public sealed class WidthsTests
{
    private static string Sweep(string network, string axes = "") => $"sweep: s\ndata: {{ name: glyphs, train: 100 }}\nnetwork: {{ {network} }}\n{axes}\n";

    [Fact]
    public void Each_layer_has_its_own_width()
    {
        Assert.Equal([512, 256, 64], Read(Sweep("widths: 512-256-64")).Base.Network.HiddenWidths());
        Assert.Equal([32, 32, 32], Read(Sweep("depth: 3, width: 32")).Base.Network.HiddenWidths());
        Assert.Empty(Read(Sweep("depth: 0")).Base.Network.HiddenWidths());
        Assert.Equal((string[])["512-256", "128"], Read(Sweep("init: glorot", "axes: { widths: [512-256, 128] }")).Axes.Single().Values);
        Assert.Equal("512-256", SpecFile.FromCanonical(Read(Sweep("widths: 512 - 256")).Canonical).Base.Network.Widths);
    }

    [Fact]
    public void Layers_that_are_as_wide_leave_a_cell_what_it_was() =>
        Assert.Equal(new Grid(Read(Sweep("width: 64"))).CellAt(0), new Grid(Read(Sweep("width: 64, init: torch"))).CellAt(0));

    [Theory]
    [InlineData("widths: 512-", "widths '512-' is not 'same', or up to 64 widths joined by hyphens, such as 512-256")]
    [InlineData("widths: 0-4", "is not 'same'")]
    [InlineData("widths: 512-256, depth: 2", "network.widths says how many layers there are and how wide each is; take network.depth out")]
    [InlineData("kind: cnn, widths: 512-256", "does not belong to network 'cnn'")]
    public void What_can_not_be_is_said(string network, string problem) =>
        Assert.Contains(Problems(Sweep(network)), said => said.Contains(problem, StringComparison.Ordinal));
}
