using System.Security.Cryptography;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class GlyphTests
{
    /// <summary>Cells of old journals name the recipe. Whoever changes a byte raises the recipe's number in DataCatalog, then these digests.</summary>
    [Theory]
    [InlineData("train", "c63cfa2fc4c5c6c8bc73b2908deef804")]
    [InlineData("validation", "6ddaba16d80d7b3da6817b1b859a17d2")]
    [InlineData("test", "f2747866ff9c13b6c731298f111b82be")]
    public void The_first_thousand_are_the_same_bytes_on_every_machine(string part, string digest)
    {
        var glyphs = Glyphs.Make(part, 1_000);
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData([.. glyphs.Pixels.Span, .. glyphs.Labels.Span]).AsSpan(0, 16)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("glyphs recipe 1"u8).AsSpan(0, 16)), DataCatalog.Glyphs.Digest);
    }

    [Fact]
    public void An_example_does_not_depend_on_how_many_are_made()
    {
        var (few, many) = (Glyphs.Make("train", 10), Glyphs.Make("train", 50));
        Assert.Equal(few.Pixels.ToArray(), many.Slice(0, 10, 784).Pixels.ToArray());
        Assert.Equal(few.Labels.ToArray(), many.Labels[..10].ToArray());
    }

    [Fact]
    public void Every_class_is_there_in_equal_shares_and_no_image_stands_twice()
    {
        var images = new HashSet<string>();
        foreach (var part in new[] { "train", "validation", "test" })
        {
            var glyphs = Glyphs.Make(part, 2_000);
            Assert.All(Enumerable.Range(0, 10), label => Assert.InRange(glyphs.Labels.ToArray().Count(other => other == label), 150, 250));
            Assert.All(Enumerable.Range(0, 2_000), i => Assert.True(images.Add(MadeSets.Hex(glyphs.Pixels.Slice(i * 784, 784).ToArray()))));
        }
    }

    [Fact]
    public void A_128_wide_mlp_on_5000_glyphs_is_right_about_95_times_in_100_and_label_noise_hurts()
    {
        var clean = Best(Noise.None);
        Assert.InRange(clean, 0.92, 0.98);
        Assert.InRange(Best(new Noise(Noise.Label, 0.6)), 0.5, clean - 0.04);
    }

    private static double Best(Noise noise) => TrialRun.Run(
        new TrialSettings
        {
            Data = new() { Name = "glyphs", Train = 5_000, Validation = 5_000 },
            Network = new() { Width = 128 },
            Noise = noise,
            Training = new() { Epochs = 20, Batch = 128, Rate = 0.05, Momentum = 0.9, StopAtTrainAccuracy = 1 },
        },
        Trials.Data, _ => { }, TimeProvider.System, default).Measures[MeasureNames.ValidationAccuracyBest];
}
