using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

/// <summary>Examples that are drawn by <c>data.seed</c> instead of being the first ones.</summary>
public sealed class DataDrawTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DataSource Source(params DataSetCard[] cards) => new(new DataFolder([_folder.Path]), cards);

    /// <summary>Image i of the made sets is filled with i.</summary>
    private static int[] Numbers(DataPart part) => [.. Enumerable.Range(0, part.Count).Select(i => (int)part.Pixels.Span[i * 4])];

    [Fact]
    public void So_many_are_drawn_from_the_whole_of_each_part_by_the_number_alone()
    {
        var source = Source(MadeSets.Idx(_folder["tiny"], true));
        DataSelection Load(string seed, int train = 8) => source.Load(new() { Name = "tiny", Train = train, Validation = 5, Seed = seed });

        int[][] draws = [.. Enumerable.Range(0, 40).Select(seed => Numbers(Load($"{seed}").Train))];
        Assert.All(draws, draw => Assert.Equal(draw.Distinct().Order(), draw));
        Assert.Equal(Enumerable.Range(0, MadeSets.Train), draws.SelectMany(draw => draw).Distinct().Order());
        Assert.Equal(draws[3], Numbers(Load("3").Train));
        Assert.Equal(draws[3], Load("3").Drawn!.Numbers);
        Assert.Equal(MadeSets.Train, Load("3").Drawn!.Of);

        // Each comes as often as the others: 16 times of 40, give or take four standard deviations.
        Assert.All(draws.SelectMany(draw => draw).GroupBy(number => number), times => Assert.InRange(times.Count(), 4, 28));

        // A larger draw holds a smaller one, and what is scored on is drawn too, from its own part.
        Assert.Subset(new HashSet<int>(Numbers(Load("3", 15).Train)), new HashSet<int>(draws[3]));
        int[][] scored = [.. Enumerable.Range(0, 40).Select(seed => Numbers(Load($"{seed}").Validation))];
        Assert.Equal(Enumerable.Range(MadeSets.Train, MadeSets.Validation), scored.SelectMany(draw => draw).Distinct().Order());
    }

    [Fact]
    public void Without_a_seed_they_are_the_first_ones_and_with_per_seed_a_trial_has_to_be_named()
    {
        var source = Source(MadeSets.Idx(_folder["tiny"], true));
        DataSettings own = new() { Name = "tiny", Train = 8, Seed = DataSettings.PerSeed };

        Assert.Null(source.Load(new() { Name = "tiny", Train = 8 }).Drawn);
        Assert.Equal(source.Load(own with { Seed = "7" }).Drawn!.Numbers, source.Load(own.Of(7)).Drawn!.Numbers);
        Assert.NotEqual(source.Load(own.Of(8)).Drawn!.Numbers, source.Load(own.Of(7)).Drawn!.Numbers);
        Assert.Null(source.Check(own));
        Assert.Throws<InvalidOperationException>(() => source.Load(own));
    }

    [Fact]
    public void A_balanced_draw_has_equally_many_of_each_class()
    {
        var source = Source(MadeSets.Idx(_folder["tiny"], true));
        var draw = source.Load(new() { Name = "tiny", Train = 9, Validation = 6, Balanced = true, Seed = "1" });

        Assert.All(draw.Train.Labels.ToArray().GroupBy(label => label), label => Assert.Equal(3, label.Count()));
        Assert.NotEqual(Enumerable.Range(0, 9), Numbers(draw.Train));
        Assert.Contains("multiple of 3", source.Check(new() { Name = "tiny", Train = 7, Validation = 3, Balanced = true, Seed = "1" }), StringComparison.Ordinal);
        var lopsided = new DataPart(new byte[12], new byte[] { 0, 0, 1 });
        var card = MadeSets.Idx(_folder["other"], true);
        Assert.Contains("class 1", Assert.Throws<DataProblem>(() => DataDraw.From([lopsided], card, 6, balanced: true, new(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_draw_needs_the_whole_set_and_says_so_where_a_batch_is_missing()
    {
        var card = MadeSets.Cifar(_folder["tiny-colour"], gzip: true);
        var source = Source(card);
        Assert.Contains(Numbers(source.Load(new() { Name = "tiny-colour", Train = 10, Seed = "0" }).Train), number => number >= 2 * MadeSets.Batch);
        File.Delete(_folder["tiny-colour/data_batch_3.bin.gz"]);

        Assert.StartsWith(
            "tiny-colour has 24 training examples here, and data.seed draws from all 36. TINY-COLOUR is incomplete here: no data_batch_3.bin",
            Source(card).Check(new() { Name = "tiny-colour", Train = 10, Seed = "0" }), StringComparison.Ordinal);
    }

    /// <summary>By its place in the file: with one noise seed for all, a draw changes who is there, not what noise they have.</summary>
    [Theory]
    [InlineData(Noise.Label)]
    [InlineData(Noise.RandomPixels)]
    [InlineData(Noise.UniformInput)]
    public void An_example_has_the_same_noise_in_every_draw(string kind)
    {
        Dictionary<int, (int Given, float Pixels)> Drawn(string seed)
        {
            var data = Corruption.Apply(Trials.Data.Load(new() { Name = "glyphs", Train = 25_000, Validation = 1, Seed = seed }), new Noise(kind, 1), 5);
            return data.Drawn!.Numbers.Select((number, at) => (number, at)).ToDictionary(one => one.number, one => (data.Given[one.at], data.Images[(one.at * 784) + 400]));
        }

        var (one, other) = (Drawn("1"), Drawn("2"));
        int[] both = [.. one.Keys.Where(other.ContainsKey)];
        Assert.InRange(both.Length, 12_000, 13_000);
        Assert.All(both, number => Assert.Equal(one[number], other[number]));
    }

    [Fact]
    public void Examples_that_the_noise_takes_first_are_the_same_in_every_draw()
    {
        HashSet<int> Corrupted(string seed)
        {
            var data = Corruption.Apply(Trials.Data.Load(new() { Name = "glyphs", Train = 40_000, Validation = 1, Seed = seed }), new Noise(Noise.Label, 0.5), 5);
            return [.. data.Drawn!.Numbers.Where((_, at) => data.Corrupted[at])];
        }

        // Of 40,000 of 50,000 two draws share 32,000, and half of these are corrupted in both but for those near the limit.
        Assert.InRange(Corrupted("1").Intersect(Corrupted("2")).Count(), 15_700, 16_300);
        Assert.Equal(20_000, Corrupted("1").Count);
    }

    [Fact]
    public void A_trial_that_draws_tells_which_and_its_own_seed_is_a_number_like_any()
    {
        var settings = Trials.Small with { Measures = new() { El2n = new("last") } };
        var own = settings with { Data = settings.Data with { Seed = DataSettings.PerSeed }, Seed = 9 };
        var told = Told(own);
        var expected = Trials.Data.Load(own.Data.Of(9)).Drawn!;

        Assert.Equal(expected.Bits, KeptBits.Unpack(told[ExampleNames.Drawn].Values, 50_000));
        Assert.Equal(300, told["el2n"].ToNumbers().Length);
        Assert.Equal(Trials.Bits(own), Trials.Bits(own with { Data = own.Data with { Seed = "9" } }));
        Assert.NotEqual(Trials.Bits(own), Trials.Bits(own with { Data = own.Data with { Seed = "8" } }));
        Assert.DoesNotContain(ExampleNames.Drawn, Told(settings).Keys);

        static Dictionary<string, Finding> Told(TrialSettings settings) => Trials.Run(settings).Epochs.SelectMany(epoch => epoch.Findings).ToDictionary(found => found.Name);
    }

    [Fact]
    public void What_is_left_out_of_a_draw_is_a_bit_for_each_example_drawn()
    {
        var settings = Trials.Small with { Measures = new() { HeldOut = new("last") }, Prune = new("", Drops.Random, 0.25) };
        var told = Trials.Run(settings with { Data = settings.Data with { Seed = "4" } }).Epochs.SelectMany(epoch => epoch.Findings).ToDictionary(found => found.Name);

        Assert.Equal(225, KeptBits.Unpack(told[ExampleNames.Kept].Values, 300).Count(kept => kept));
        Assert.Equal(300, KeptBits.Unpack(told[ExampleNames.Drawn].Values, 50_000).Count(drawn => drawn));
        Assert.Equal(300, told[ExampleNames.Given].ToNumbers().Length);
    }
}
