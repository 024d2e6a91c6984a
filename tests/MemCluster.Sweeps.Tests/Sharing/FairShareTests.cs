using CsCheck;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests.Sharing;

public sealed class FairShareTests
{
    [Fact]
    public void A_small_sweep_gets_what_is_free_until_it_is_level_with_a_large_one() => Assert.Equal(
        [("small", 3), ("large", 1)], Shares(4, Claim("large", running: 2, most: 990), Claim("small", running: 0, most: 10)));

    [Fact]
    public void Equals_share_evenly() => Assert.Equal([("a", 2), ("b", 2), ("c", 1)], Shares(5, Claim("c"), Claim("a"), Claim("b")));

    [Fact]
    public void A_higher_priority_takes_all_that_it_can_use() => Assert.Equal(
        [("urgent", 3), ("usual", 1)], Shares(4, Claim("usual", running: 0), Claim("urgent", running: 50, most: 3, priority: 1)));

    [Fact]
    public void What_one_can_t_use_goes_to_the_next() => Assert.Equal([("b", 4)], Shares(4, Claim("a", most: 0), Claim("b")));

    [Fact]
    public void No_slot_is_left_free_that_somebody_can_use_and_none_is_given_twice() => Gen.Select(Gen.Int[0, 20], Claims).Sample((free, claims) =>
    {
        var shares = FairShare.Of(free, claims);

        Assert.Equal(Math.Min(free, claims.Sum(claim => claim.Most)), shares.Sum(share => share.Slots));
        Assert.All(shares, share => Assert.InRange(share.Slots, 1, claims.Single(claim => claim.Sweep == share.Sweep).Most));
        Assert.Equal(shares.Count, shares.Select(share => share.Sweep).Distinct().Count());
    });

    /// <summary>
    /// 1,000 trials over 8 slots, then 10 more from another sweep: of the slots that become free until all ten are out, at least 40 % are theirs.
    /// </summary>
    [Theory]
    [InlineData(8, 10)]
    [InlineData(2, 10)]
    [InlineData(64, 10)]
    [InlineData(8, 100)]
    public void A_small_sweep_submitted_during_a_large_one_gets_at_least_two_fifths_of_the_slots_that_become_free(int slots, int small)
    {
        var (large, later) = (new Played("large", 1000), new Played("small", small));
        var random = new Random(4);
        var busy = new List<Played>();
        while (busy.Count < slots)
        {
            busy.Add(large.Start());
        }

        for (var ends = 0; ends < 50; ends++)
        {
            Turn([large]);
        }

        var given = new List<Played>();
        while (later.Pending > 0)
        {
            given.Add(Turn([large, later]));
        }

        Assert.InRange(given.Count(sweep => sweep == later) / (double)given.Count, 0.4, 1);

        Played Turn(Played[] sweeps)
        {
            var ended = random.Next(busy.Count);
            busy[ended].Running--;
            var (sweep, _) = Assert.Single(FairShare.Of(1, sweeps.Select(sweep => new SlotClaim(sweep.Name, 0, sweep.Running, sweep.Pending))));
            return busy[ended] = sweeps.Single(played => played.Name == sweep).Start();
        }
    }

    private static readonly Gen<SlotClaim[]> Claims =
        Gen.Select(Gen.Int[-1, 1], Gen.Int[0, 9], Gen.Int[0, 9], (priority, running, most) => new SlotClaim(new("x"), priority, running, most)).Array[0, 5]
            .Select(claims => (SlotClaim[])[.. claims.Select((claim, index) => claim with { Sweep = new($"s{index}") })]);

    private static (string, int)[] Shares(int free, params SlotClaim[] claims) => [.. FairShare.Of(free, claims).Select(share => (share.Sweep.Name, share.Slots))];

    private static SlotClaim Claim(string name, int running = 0, int most = 100, int priority = 0) => new(new(name), priority, running, most);

    private sealed class Played(string name, int pending)
    {
        public SweepId Name { get; } = new(name);

        public int Pending { get; private set; } = pending;

        public int Running { get; set; }

        public Played Start()
        {
            Pending--;
            Running++;
            return this;
        }
    }
}
