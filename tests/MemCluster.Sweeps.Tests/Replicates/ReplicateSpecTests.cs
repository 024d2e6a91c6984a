using MemCluster.Messages;
using MemCluster.Sweeps.Replicates;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests.Replicates;

public sealed class ReplicateSpecTests
{
    private const string Claim = "claims: { c: { measure: validation_accuracy_best, holds: \">= 0.5\" }, m: { measure: validation_accuracy_best, seeds: median, holds: \">= 0.5\" } }";
    private const string Asks = "replicates: { until: decided, at-least: 3, at-most: 40 }";

    [Fact]
    public void A_sweep_says_how_its_claims_ask_for_seeds()
    {
        var spec = File(Asks, Claim);

        Assert.Equal((new ReplicatePlan(3, 40), 40, false), (spec.Replicates, spec.Seeds.Count, spec.Seeds.IsListed));
        Assert.Equal((spec.Canonical, spec.Replicates), (SpecFile.FromCanonical(spec.Canonical).Canonical, SpecFile.FromCanonical(spec.Canonical).Replicates));
        Assert.Equal(["c"], ReplicateRule.ClaimsOf(spec).Select(claim => claim.Name));
        Assert.Equal(new ReplicatePlan(3, 8, "c"), File("replicates: { until: decided, at-most: 8, claims: c }", Claim).Replicates);
    }

    [Fact]
    public void Who_asks_changes_no_cell_no_digest_and_is_no_difference()
    {
        var (plain, asks) = (With("seeds: 40"), With(Asks));

        Assert.Equal(plain.Digest, asks.Digest);
        Assert.Equal(new Grid(plain).CellAt(39), new Grid(asks).CellAt(39));
        Assert.Empty(SpecDifference.Between(plain.Canonical, asks.Canonical));
        Assert.DoesNotContain("replicates", plain.Canonical, StringComparison.Ordinal);
        Assert.Equal(["- seeds: 40", "+ seeds: 8"], SpecDifference.Between(asks.Canonical, With("replicates: { until: decided, at-most: 8 }").Canonical));
    }

    [Fact]
    public void Listed_seeds_are_taken_in_their_order()
    {
        var spec = File("seeds: [9, 2, 7, 5]", "replicates: { until: decided, at-least: 2, at-most: 3 }", Claim);
        Assert.Equal([9UL, 2, 7], Enumerable.Range(0, spec.Seeds.Count).Select(place => spec.Seeds[place]));
    }

    [Fact]
    public void Sets_and_presets_change_a_part_of_it()
    {
        Assert.Equal(new ReplicatePlan(3, 10), Read(Glyphs(Asks), "replicates.at-most=10").Replicates);
        Assert.Null(Read(Glyphs(Asks), "replicates=").Replicates);
        var reading = SpecFile.ParseFile(Glyphs(Asks, Claim, "presets: { quick: { replicates: { at-most: 5 } }, few: { replicates.at-least: 2 }, plain: { replicates: ~, seeds: 3 } }"), "s.yaml", [], "quick");
        Assert.Equal(new ReplicatePlan(3, 5), reading.Spec!.Replicates);
    }

    [Theory]
    [InlineData("replicates: { at-most: 40 }", "s.yaml:3:1  replicates asks for seeds until what? Write 'until: decided'")]
    [InlineData("replicates: { until: bored, at-most: 40 }", "s.yaml:3:22  replicates asks for seeds until what? Write 'until: decided'")]
    [InlineData("replicates: { until: decided }", "s.yaml:3:1  replicates needs an end; write how many seeds a configuration gets at most, such as 'at-most: 40'")]
    [InlineData("replicates: { until: decided, at-least: 1, at-most: 40 }", "s.yaml:3:41  at-least is a number of seeds from 2 (an interval needs so many) to 10,000")]
    [InlineData("replicates: { until: decided, at-least: 9, at-most: 4 }", "s.yaml:3:53  at-most 4 is below at-least 9; raise the one, or lower the other")]
    [InlineData("replicates: { until: decided, at-most: 9, at-mst: 4 }", "s.yaml:3:43  unknown key 'at-mst' in replicates; did you mean 'at-most'?")]
    [InlineData("replicates: 40", "s.yaml:3:13  replicates is a mapping such as 'replicates: { until: decided, at-least: 3, at-most: 40 }'")]
    [InlineData("replicates: { until: decided, at-most: 8, claims: [d] }", "s.yaml:3:52  there is no claim 'd'; did you mean 'c'?")]
    [InlineData("replicates: { until: decided, at-most: 8, claims: [c, c] }", "s.yaml:3:55  claim 'c' stands twice; keep one of them")]
    [InlineData("replicates: { until: decided, at-most: 8, claims: [m] }",
        "s.yaml:3:52  claim 'm' can't ask for seeds: a bootstrap of few seeds has no tails as thin as a look needs. Take it out of the list; it is then judged over the 3 seeds that every configuration has")]
    [InlineData("replicates: { until: decided, at-most: 8 }\nseeds: 5",
        "s.yaml:4:8  replicates may ask for 8 seeds, and seeds names 5; list as many, write 'at-most: 5', or take seeds out: then they are 0, 1, 2 …")]
    [InlineData("replicates: { until: decided, at-most: 8 }\nprune: el2n highest 0.2",
        "s.yaml:4:8  trials that compute scores for others are trained for all seeds, also for those that no claim asks for; prune at random, or write 'seeds' instead of 'replicates'")]
    public void What_can_t_be_has_its_place_and_says_what_to_write(string lines, string expected)
    {
        var reading = SpecFile.ParseFile(Glyphs([.. lines.Split('\n'), Claim]), "s.yaml", [], null);
        Assert.Equal([expected], reading.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Without_a_claim_that_can_ask_there_is_nothing_to_decide()
    {
        string Only(string claims) => Assert.Single(SpecFile.ParseFile(Glyphs(Asks, claims), "s.yaml", [], null).Problems).ToString();
        Assert.StartsWith("s.yaml:3:1  replicates asks for seeds until the claims are decided, and there are none", Only(""), StringComparison.Ordinal);
        Assert.Contains("none of them can ask: m, for a bootstrap", Only("claims: { m: { measure: validation_accuracy_best, seeds: median, holds: \">= 0.5\" } }"), StringComparison.Ordinal);
    }

    private static SweepSpec File(params string[] lines)
    {
        var reading = SpecFile.ParseFile(Glyphs(lines), "s.yaml", [], null);
        Assert.True(reading.Spec is not null, string.Join('\n', reading.Problems));
        return reading.Spec;
    }
}
