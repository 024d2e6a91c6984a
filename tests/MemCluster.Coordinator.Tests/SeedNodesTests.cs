using MemCluster.Hosting;

namespace MemCluster.Coordinator.Tests;

public sealed class SeedNodesTests
{
    private static readonly string[] All = ["a:1", "b:1", "c:1"];

    [Fact]
    public void With_the_same_list_everywhere_only_the_first_may_begin_a_cluster_and_each_asks_the_others()
    {
        var seeds = All.Select(self => SeedNodes.Of(All, [], self)).ToArray();

        Assert.Equal([true, false, false], seeds.Select(of => of.MayBegin));
        Assert.Equal([["b:1", "c:1"], ["a:1", "c:1"], ["a:1", "b:1"]], seeds.Select(of => of.Others));
    }

    [Fact]
    public void A_first_one_that_is_started_again_asks_everybody_it_knew_before_it_begins_anew() =>
        Assert.Equal(["b:1", "c:1", "t:7"], SeedNodes.Of(All, ["t:7", "b:1"], "a:1").Others);

    [Fact]
    public void Who_is_told_nobody_begins_but_asks_first_whom_it_knew()
    {
        var seeds = SeedNodes.Of([], ["t:7"], "a:1");

        Assert.True(seeds.MayBegin);
        Assert.Equal(["t:7"], seeds.Others);
    }

    [Fact]
    public void Who_is_not_in_the_list_never_begins() => Assert.False(SeedNodes.Of(All, [], "trainer:9").MayBegin);

    [Fact]
    public void Addresses_may_come_one_by_one_or_with_commas() => Assert.Equal(All, SeedNodes.Parse(["a:1, b:1", "c:1", "a:1"]));

    [Fact]
    public void What_is_no_address_among_them_is_named() =>
        Assert.Contains("'b'", Assert.Throws<FormatException>(() => SeedNodes.Parse(["a:1,b"])).Message, StringComparison.Ordinal);
}
