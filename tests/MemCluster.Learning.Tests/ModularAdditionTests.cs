using System.Security.Cryptography;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class ModularAdditionTests
{
    private static readonly DataSource Data = new(new DataFolder([]));

    public static readonly TheoryData<string, int> Sets = new() { { "modular-addition", 97 }, { "modular-addition-59", 59 } };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Every_pair_stands_once_on_one_of_the_two_sides_with_its_sum(string name, int modulus)
    {
        var all = Data.Load(new() { Name = name });
        var pairs = new HashSet<(int, int)>();
        foreach (var part in new[] { all.Train, all.Validation })
        {
            for (var i = 0; i < part.Count; i++)
            {
                var pixels = part.Pixels.Slice(i * 2 * modulus, 2 * modulus).ToArray();
                var (a, b) = (Array.IndexOf(pixels, (byte)255), Array.LastIndexOf(pixels, (byte)255) - modulus);
                Assert.Equal(2, pixels.Count(pixel => pixel != 0));
                Assert.InRange(a, 0, modulus - 1);
                Assert.InRange(b, 0, modulus - 1);
                Assert.Equal((a + b) % modulus, part.Labels.Span[i]);
                Assert.True(pairs.Add((a, b)));
            }
        }

        Assert.Equal(modulus * modulus, pairs.Count);
        Assert.Equal(modulus * modulus * 4 / 5, all.Train.Count);
        Assert.Equal((modulus, 2, modulus, all.Train.Count, all.Validation.Count), (all.Card.Classes, all.Card.Height, all.Card.Width, all.Card.Train, all.Card.Validation));
    }

    [Fact]
    public void Fewer_training_pairs_are_the_first_of_a_random_order_and_are_scored_on_the_same_others()
    {
        var (all, some) = (Data.Load(new() { Name = "modular-addition-59" }), Data.Load(new() { Name = "modular-addition-59", Train = 500 }));
        var test = Data.Load(new() { Name = "modular-addition-59", Train = 500, Split = "test" });

        Assert.Equal(all.Train.Labels[..500].ToArray(), some.Train.Labels.ToArray());
        Assert.Equal(all.Validation.Pixels.ToArray(), some.Validation.Pixels.ToArray());
        Assert.Equal(all.Validation.Pixels.ToArray(), test.Validation.Pixels.ToArray());

        // In a random order every class and both halves of the table come early.
        Assert.Equal(59, some.Train.Labels.ToArray().Distinct().Count());
        Assert.InRange(Enumerable.Range(0, 500).Count(i => some.Train.Pixels.Slice(i * 118, 30).ToArray().Contains((byte)255)), 215, 295);
        Assert.NotEqual(some.Train.Labels.ToArray(), Data.Load(new() { Name = "modular-addition-59", Train = 500, Seed = "1" }).Train.Labels.ToArray());
    }

    /// <summary>Cells of journals name the recipe. Whoever changes a byte raises the recipe's number in DataCatalog, then these digests.</summary>
    [Theory]
    [InlineData("modular-addition", "fb2fb3923504e20cc8ac8be96266aac8")]
    [InlineData("modular-addition-59", "bca8c10c2e89f4661c33f09173b5b71b")]
    public void They_are_the_same_bytes_on_every_machine(string name, string digest)
    {
        var all = Data.Load(new() { Name = name });

        Assert.Equal(digest, Convert.ToHexStringLower(
            SHA256.HashData([.. all.Train.Pixels.Span, .. all.Train.Labels.Span, .. all.Validation.Pixels.Span, .. all.Validation.Labels.Span]).AsSpan(0, 16)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name + " recipe 1")).AsSpan(0, 16)), DataCatalog.Find(name)!.Digest);
    }

    [Fact]
    public void A_network_learns_the_pairs_it_is_trained_on()
    {
        var (outcome, _) = Trials.Run(new()
        {
            Data = new() { Name = "modular-addition-59", Train = 600 },
            Network = new() { Depth = 1, Width = 128 },
            Training = new() { Epochs = 60, Batch = 100, Rate = 0.01, Optimizer = Optimizer.Adam },
        });

        Assert.InRange(outcome.Measures[MeasureNames.TrainAccuracy], 0.99, 1);
        Assert.InRange(outcome.Measures[MeasureNames.ValidationAccuracyLast], 0, 0.3);
    }
}
