using CsCheck;

namespace MemCluster.Learning.Tests;

public sealed class DrawTests
{
    [Theory] // kat_vectors of Random123, lines "philox4x32 10": counter, key, answer.
    [InlineData("00000000 00000000 00000000 00000000 00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData("243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Philox_gives_the_published_known_answers(string input, string answer)
    {
        var words = input.Split(' ').Select(word => Convert.ToUInt32(word, 16)).ToArray();
        var (a, b, c, d) = Philox.Block(words[0], words[1], words[2], words[3], words[4], words[5]);
        Assert.Equal(answer, $"{a:x8} {b:x8} {c:x8} {d:x8}");
    }

    [Fact]
    public void The_generator_walks_through_the_blocks_of_its_key_and_stream()
    {
        var generator = new Philox(0x299f31d0_a4093822, 0x03707344_13198a2e);
        for (uint block = 0; block < 3; block++)
        {
            var (a, b, c, d) = Philox.Block(block, 0, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0);
            Assert.Equal([a, b, c, d], new[] { generator.NextUInt32(), generator.NextUInt32(), generator.NextUInt32(), generator.NextUInt32() });
        }
    }

    [Fact]
    public void A_key_is_a_hash_so_neighbouring_seeds_purposes_and_numbers_share_nothing()
    {
        ulong First(ulong seed, string purpose, params long[] numbers) => new Seeds(seed).Generator(purpose, numbers).NextUInt64();
        ulong[] draws =
        [
            First(0, "order"), First(1, "order"), First(1UL << 32, "order"), First(0, "order", 0), First(0, "order", 1), First(0, "order", 0, 0),
            First(0, "order", 1L << 32), First(0, "orde"), First(0, "dropout", 1), First(ulong.MaxValue, "order"),
        ];
        Assert.Equal(draws.Length, draws.Distinct().Count());
        Assert.Equal(First(7, "order", 3), First(7, "order", 3));
    }

    /// <summary>Worked out apart from this code, in Python. Every stored result hangs on these numbers; whoever changes one raises NumericsSettings.Version.</summary>
    [Fact]
    public void The_draws_of_a_seed_are_pinned()
    {
        var draws = new Seeds(42).Generator(Seeds.Order, 1);
        Assert.Equal([8, 0, 5, 4, 3, 6, 9, 1, 2, 7], draws.Permutation(10));
        Assert.Equal(0.5258861081408258, draws.NextDouble());
        Assert.Equal(1.1812819291418013, draws.NextGaussian());
        Assert.Equal(2027439503u, new Seeds(42).TorchSeed(Seeds.InputNoise, 1, 2));
    }

    [Fact]
    public void Permutations_hold_every_number_once() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 300]).Sample((key, count) =>
            new Philox(key).Permutation(count).Order().SequenceEqual(Enumerable.Range(0, count)));

    [Fact]
    public void Every_order_of_three_is_equally_likely()
    {
        var generator = new Philox(3);
        var counts = Enumerable.Range(0, 60_000).GroupBy(_ => string.Concat(generator.Permutation(3))).Select(order => order.Count()).ToArray();
        Assert.Equal(6, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400)); // sd 91
    }

    [Fact]
    public void Bounded_integers_reach_their_whole_range_evenly()
    {
        // At this bound an unrejected multiply would give every third value twice the chance of the others.
        const int bound = 3 << 29;
        var generator = new Philox(11);
        var thirds = new int[3];
        for (var i = 0; i < 30_000; i++)
        {
            thirds[generator.Below(bound) % 3]++;
        }

        Assert.All(thirds, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Gaussian_draws_have_the_moments_and_tails_of_a_normal()
    {
        var generator = new Philox(5);
        var draws = Enumerable.Range(0, 200_000).Select(_ => generator.NextGaussian()).ToArray();
        Assert.Equal(0, draws.Average(), 0.01);
        Assert.Equal(1, draws.Average(x => x * x), 0.015);
        Assert.Equal(3, draws.Average(x => x * x * x * x), 0.1);
        Assert.InRange(draws.Count(x => Math.Abs(x) > 1.9599639845400538) / 200_000.0, 0.048, 0.052);
    }

    [Theory] // Python's statistics.NormalDist().inv_cdf
    [InlineData(0.5, 0.0)]
    [InlineData(0.3, -0.5244005127080407)]
    [InlineData(0.9, 1.2815515655446008)]
    [InlineData(0.025, -1.9599639845400538)]
    [InlineData(1e-5, -4.2648907939228256)]
    [InlineData(1e-9, -5.9978070150076865)]
    [InlineData(1.1102230246251565e-16, -8.209536151601386)]
    public void The_normal_quantile_agrees_with_an_independent_one(double p, double x) =>
        Assert.Equal(x, PortableMath.NormalQuantile(p), 1e-14 * Math.Max(1, Math.Abs(x)));

    [Fact]
    public void The_portable_logarithm_agrees_with_the_platforms() =>
        Gen.Double[1e-300, 1e300].Select(Gen.Double[-300, 2], (wide, power) => (wide, small: Math.Pow(10, power))).Sample(x =>
            Close(x.wide) && Close(x.small));

    private static bool Close(double x) => Math.Abs(PortableMath.Log(x) - Math.Log(x)) <= 4e-16 * Math.Max(Math.Abs(Math.Log(x)), 0.5);

    [Fact]
    public void Four_blocks_at_once_are_the_same_words_as_one_by_one() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong).Sample((first, stream, key) =>
        {
            var (together, apart) = (new uint[PhiloxBlocks.Words], new uint[PhiloxBlocks.Words]);
            PhiloxBlocks.Fill(together, first, stream, key);
            PhiloxBlocks.OneByOne(apart, first, stream, key);
            return together.AsSpan().SequenceEqual(apart);
        });

    [Fact]
    public void A_mask_is_the_generators_words_against_the_rate()
    {
        foreach (var length in new[] { 0, 1, 15, 16, 17, 40 })
        {
            var (mask, masked, plain) = (new float[length], new Philox(9, 2), new Philox(9, 2));
            masked.Mask(mask, 0.3, 0f, 2f);
            Assert.Equal(Enumerable.Range(0, length).Select(_ => plain.NextUInt32() < 0.3 * 4294967296 ? 0f : 2f), mask);
        }
    }

    [Fact]
    public void A_mask_drops_its_share_and_keeps_the_rest()
    {
        var mask = new float[40_003];
        new Philox(9).Mask(mask, 0.3, 0f, 2f);
        Assert.All(mask, value => Assert.True(value is 0f or 2f));
        Assert.InRange(mask.Count(value => value == 0f) / 40_003.0, 0.29, 0.31);
    }
}
