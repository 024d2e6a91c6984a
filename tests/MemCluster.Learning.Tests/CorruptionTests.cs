using CsCheck;
using MemCluster.Golden;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class CorruptionTests
{
    private const int Count = 500;

    private static readonly DataSelection Clean =
        new(DataCatalog.Glyphs, Glyphs.Make("train", Count), Glyphs.Make("validation", 50));

    private static CorruptedData Apply(string kind, double level, ulong seed = 3, bool keep = true) =>
        Corruption.Apply(Clean, new Noise(kind, level, keep), seed);

    private static float[] Image(CorruptedData data, int example) => data.Images[(example * 784)..((example + 1) * 784)];

    [Theory]
    [InlineData(Noise.Label)]
    [InlineData(Noise.Input)]
    [InlineData(Noise.UniformInput)]
    [InlineData(Noise.RandomPixels)]
    public void What_is_corrupted_at_a_level_is_corrupted_alike_at_every_higher_level(string kind) =>
        Gen.Select(Gen.ULong, Gen.Double[0, 1], Gen.Double[0, 1]).Sample((seed, a, b) =>
        {
            var (low, high) = (Apply(kind, Math.Min(a, b), seed), Apply(kind, Math.Max(a, b), seed));
            return Enumerable.Range(0, Count).Where(i => low.Corrupted[i]).All(i =>
                high.Corrupted[i] && low.Given[i] == high.Given[i] && Image(low, i).SequenceEqual(Image(high, i)));
        }, iter: 20);

    [Fact]
    public void The_number_corrupted_is_the_level_times_n_rounded_and_the_rest_is_untouched()
    {
        var clean = Apply(Noise.NoNoise, 0);
        Assert.DoesNotContain(true, clean.Corrupted);
        foreach (var kind in NoiseKind.All.Select(kind => kind.Name).Where(kind => kind is not (Noise.NoNoise or Noise.ShuffledPixels)))
        {
            var noisy = Apply(kind, 0.333);
            Assert.Equal(167, noisy.Corrupted.Count(corrupted => corrupted)); // 166.5, halves away from zero
            Assert.All(Enumerable.Range(0, Count).Where(i => !noisy.Corrupted[i]), i =>
                Assert.True(noisy.Given[i] == clean.Given[i] && Image(noisy, i).SequenceEqual(Image(clean, i))));
            Assert.Equal(clean.True, noisy.True);
            Assert.Equal(clean.ValidationImages, noisy.ValidationImages);
        }
    }

    [Fact]
    public void The_same_seed_corrupts_the_same_examples_whatever_the_kind_and_another_seed_others()
    {
        var masks = NoiseKind.All.Select(kind => kind.Name).Where(kind => kind is not (Noise.NoNoise or Noise.ShuffledPixels)).Select(kind => Apply(kind, 0.3).Corrupted).ToList();
        Assert.All(masks, mask => Assert.Equal(masks[0], mask));
        Assert.NotEqual(masks[0], Apply(Noise.Label, 0.3, seed: 4).Corrupted);
    }

    [Fact]
    public void Random_labels_are_uniform_over_all_classes_the_true_one_included()
    {
        var labels = Enumerable.Range(0, 20).Select(seed => Apply(Noise.Label, 1, (ulong)seed)).ToList();
        var right = labels.Sum(data => data.Given.Zip(data.True).Count(pair => pair.First == pair.Second));
        Assert.InRange(right, 850, 1_150); // 1,000 expected of 10,000, sd 30
        Assert.All(Enumerable.Range(0, 10), label => Assert.InRange(labels.Sum(data => data.Given.Count(given => given == label)), 850, 1_150));
    }

    [Fact]
    public void Random_labels_without_the_true_class_are_always_wrong_and_reach_every_other_class()
    {
        var data = Apply(Noise.Label, 1, keep: false);
        Assert.All(data.Given.Zip(data.True), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(90, data.Given.Zip(data.True).Distinct().Count());
    }

    /// <summary>Over 20 seeds: the count exactly, the share that differs within 5 of its standard errors.</summary>
    [GoldenFact]
    public void Noisy_labels_are_as_many_and_differ_as_often_as_they_should()
    {
        var rows = GoldenCase.All("label-noise-and-dispersion").Where(given => given.Expected.Has("rows")).SelectMany(given => given.Expected.Children("rows"))
            .Where(row => row.Whole("classes") == Clean.Card.Classes && row.Whole("n") <= 10_000).ToArray();
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var clean = Clean with { Train = Glyphs.Make("train", row.Whole("n")) };
            foreach (var (form, keep) in new[] { ("true_class_may_be_drawn", true), ("true_class_excluded", false) })
            {
                var noisy = Enumerable.Range(0, 20).Select(seed => Corruption.Apply(clean, new Noise(Noise.Label, row.Number("noise"), keep), (ulong)seed)).ToArray();
                Assert.All(noisy, data => Assert.Equal(row.Whole("corrupted_count"), data.Corrupted.Count(corrupted => corrupted)));
                var changed = noisy.Average(data => data.Given.Zip(data.True).Count(pair => pair.First != pair.Second));
                var error = keep ? row.Child(form).Number("sd_labels_changed_fixed_count") / Math.Sqrt(noisy.Length) : 0;
                Assert.InRange(changed - row.Child(form).Number("expected_labels_changed"), (-5 * error) - 1e-9, (5 * error) + 1e-9);
            }
        }
    }

    [Fact]
    public void Gaussian_inputs_have_the_mean_and_deviation_of_the_clean_images_and_are_not_clipped()
    {
        var (means, deviations) = ChannelMoments.Of(Clean.Train, Clean.Card);
        var data = Apply(Noise.Input, 1);
        var mean = data.Images.Average(pixel => (double)pixel);
        Assert.Equal(means[0], mean, 0.005);
        Assert.Equal(deviations[0], Math.Sqrt(data.Images.Average(pixel => (pixel - mean) * (pixel - mean))), 0.005);
        Assert.True(data.Images.Min() < 0);
        Assert.Equal(data.True, data.Given);
    }

    [Fact]
    public void Moments_are_taken_channel_by_channel()
    {
        // Two images of 1×2 in two channels: 0 0 | 255 255 and 0 0 | 255 0.
        var card = DataCatalog.Glyphs with { Channels = 2, Height = 1, Width = 2 };
        var (means, deviations) = ChannelMoments.Of(new DataPart(new byte[] { 0, 0, 255, 255, 0, 0, 255, 0 }, new byte[2]), card);
        Assert.Equal([0, 0.75], means);
        Assert.Equal(0, deviations[0]);
        Assert.Equal(Math.Sqrt(0.1875), deviations[1], 1e-15);
    }

    [Fact]
    public void Pooled_images_hold_the_mean_of_each_square()
    {
        // Two images of 2×4 in two channels; the second counts down.
        var card = DataCatalog.Glyphs with { Channels = 2, Height = 2, Width = 4 };
        byte[] pixels = [.. Enumerable.Range(0, 16).Select(i => (byte)i), .. Enumerable.Range(0, 16).Select(i => (byte)(255 - i))];
        var part = new DataPart(pixels, new byte[2]);
        var data = Corruption.Apply(new DataSelection(card, part, part, Pool: 2), Noise.None, 1);
        float[] means = [2.5f, 4.5f, 10.5f, 12.5f, 252.5f, 250.5f, 244.5f, 242.5f];
        Assert.Equal(means.Select(mean => mean / 255), data.Images, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(data.Images, data.ValidationImages);
        Assert.Equal((1, 2, 4), (data.Card.Height, data.Card.Width, data.Card.Pixels));
    }

    [Fact]
    public void Noise_on_pooled_images_is_drawn_after_the_pooling()
    {
        var pooled = Clean with { Pool = 2 };
        var uniform = Corruption.Apply(pooled, new Noise(Noise.UniformInput, 1), 3);
        Assert.Equal(Count * 196, uniform.Images.Length);
        Assert.Equal(Math.Sqrt(1 / 12.0), Deviation(uniform.Images), 0.005); // of means of four it would be half
        Assert.Equal(Deviation(Corruption.Apply(pooled, Noise.None, 3).Images), Deviation(Corruption.Apply(pooled, new Noise(Noise.Input, 1), 3).Images), 0.005);
    }

    /// <summary>Two channels of 2 × 2: one from 0 to 255, one the same everywhere; in validation both are other.</summary>
    [Fact]
    public void Standardized_images_have_mean_0_and_deviation_1_by_channel_of_the_clean_training_set()
    {
        var card = DataCatalog.Glyphs with { Channels = 2, Height = 2, Width = 2 };
        var train = new DataPart(new byte[] { 0, 255, 0, 255, 51, 51, 51, 51 }, new byte[1]);
        var validation = new DataPart(new byte[] { 51, 51, 51, 51, 102, 102, 102, 102 }, new byte[1]);
        var data = Corruption.Apply(new DataSelection(card, train, validation, Standardized: true), Noise.None, 1);

        Assert.Equal([-1, 1, -1, 1, 0, 0, 0, 0], data.Images, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([-.6f, -.6f, -.6f, -.6f, .2f, .2f, .2f, .2f], data.ValidationImages, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([2, 1], data.PixelUnits!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Noise_is_drawn_before_the_scaling_and_does_not_move_it(int pool)
    {
        var scaled = Clean with { Pool = pool, Standardized = true };
        var noisy = Corruption.Apply(Clean with { Pool = pool }, new Noise(Noise.UniformInput, 0.5), 3);
        var data = Corruption.Apply(scaled, new Noise(Noise.UniformInput, 0.5), 3);
        var clean = Corruption.Apply(Clean with { Pool = pool }, Noise.None, 3).Images;
        var (mean, unit) = (clean.Average(pixel => (double)pixel), data.PixelUnits![0]);

        Assert.Equal(1 / Deviation(clean), unit, 1e-6);
        Assert.Equal(noisy.Images.Select(pixel => (float)((pixel - mean) * unit)), data.Images, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private static double Deviation(float[] values)
    {
        var mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    [Fact]
    public void Uniform_inputs_fill_the_range_from_0_to_1()
    {
        var data = Apply(Noise.UniformInput, 1);
        Assert.All(data.Images, pixel => Assert.InRange(pixel, 0f, 0.99999999f));
        Assert.Equal(0.5, data.Images.Average(pixel => (double)pixel), 0.005);
        Assert.Equal(1 / 12.0, data.Images.Average(pixel => (pixel - 0.5) * (pixel - 0.5)), 0.002);
    }

    [Fact]
    public void Shuffled_pixels_move_alike_in_every_image_also_where_it_is_scored()
    {
        var (clean, data) = (Apply(Noise.NoNoise, 0), Apply(Noise.ShuffledPixels, 1));
        var order = new Seeds(3).Generator(Seeds.NoisePixels).Permutation(784);
        foreach (var (before, after) in new[] { (clean.Images, data.Images), (clean.ValidationImages, data.ValidationImages) })
        {
            Assert.All(Enumerable.Range(0, after.Length), i => Assert.Equal(before[i / 784 * 784 + order[i % 784]], after[i]));
        }

        Assert.Throws<ArgumentException>(() => Apply(Noise.ShuffledPixels, 0.5));
    }

    [Fact]
    public void Random_pixels_keep_each_images_values_and_move_them_its_own_way()
    {
        var (clean, data) = (Apply(Noise.NoNoise, 0), Apply(Noise.RandomPixels, 1));
        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal(Image(clean, i).Order(), Image(data, i).Order()));
        Assert.All(Enumerable.Range(0, 20), i => Assert.NotEqual(Image(clean, i), Image(data, i)));
    }

    [Fact]
    public void Every_kind_that_a_spec_may_name_can_be_made() => Assert.Equal(NoiseKind.All.Select(kind => kind.Name).Order(), NoiseMakers.ByKind.Keys.Order());
}
