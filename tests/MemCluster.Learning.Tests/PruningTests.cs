using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class PruningTests
{
    private static readonly TrialSettings Settings = Trials.Small with { Network = new() { Depth = 1, Width = 16 } };

    [Fact]
    public void A_trial_trains_on_the_examples_kept_and_tells_which_and_how_many_of_them_the_noise_chose()
    {
        var whole = Corruption.Apply(Trials.Data.Load(Settings.Data), Settings.Noise, Settings.Seed);
        var scores = whole.Corrupted.Select((corrupted, example) => corrupted ? 1000.0 + example : example).ToArray();
        var settings = Settings with { Prune = new("el2n", Drops.Highest, 0.25, Measured: "every 1"), Measures = new() { El2n = new("last") } };

        var (outcome, epochs) = Run(settings, KeptBits.Of(settings.Prune, scores));

        var wrong = Enumerable.Range(0, 300).Count(example => whole.Given[example] != whole.True[example]);
        Assert.InRange(wrong, 45, 59);
        Assert.Equal((225.0, 0.0, wrong / 75.0), (outcome.Measures[Prune.Kept], outcome.Measures[Prune.CorruptedShareKept], outcome.Measures[Prune.CorruptedShareDropped]));
        Assert.InRange(outcome.Measures[Prune.LeastClassKept], 0.5, 1);
        Assert.False(outcome.Measures.ContainsKey(MeasureNames.TrainAccuracyCorrupted));
        var found = epochs.SelectMany(epoch => epoch.Findings).ToDictionary(found => found.Name);
        Assert.Equal(225, found["el2n"].ToNumbers().Length);
        var limit = scores.Order().ElementAt(225);
        Assert.Equal(scores.Select(score => score < limit), KeptBits.Unpack(found[ExampleNames.Kept].Values, 300));
    }

    [Fact]
    public void Wrong_is_a_wrong_label_or_where_labels_are_right_what_the_noise_chose()
    {
        bool[] chosen = [true, true, false, false];

        Assert.Equal([true, false, false, false], MislabelledExamples.Mask([1, 2, 3, 4], [9, 2, 3, 4], chosen));
        Assert.Equal(chosen, MislabelledExamples.Mask([1, 2, 3, 4], [1, 2, 3, 4], chosen));
    }

    [Fact]
    public void What_is_dropped_at_random_is_drawn_from_the_seed_and_nested_across_fractions()
    {
        var (some, more, others) = (Kept(0.2, 1), Kept(0.4, 1), Kept(0.2, 2));

        Assert.Equal((240, 180), (some.Count(one => one), more.Count(one => one)));
        Assert.All(Enumerable.Range(0, 300).Where(example => more[example]), example => Assert.True(some[example]));
        Assert.NotEqual(some, others);

        static bool[] Kept(double fraction, ulong seed)
        {
            var settings = Settings with { Seed = seed, NoiseSeed = 1, Prune = new("", Drops.Random, fraction) };
            var told = Pruning.Apply(Corruption.Apply(Trials.Data.Load(settings.Data), settings.Noise, 1), settings, null).Told;
            return KeptBits.Unpack(told.Single(found => found.Name == ExampleNames.Kept).Values, 300);
        }
    }

    [Fact]
    public void Scores_that_did_not_come_are_an_error_and_not_a_trial_on_everything()
    {
        var settings = Settings with { Prune = new("el2n", Drops.Highest, 0.25, Measured: "every 1") };

        Assert.Contains("came without them", Assert.Throws<InvalidOperationException>(() => Run(settings, null)).Message, StringComparison.Ordinal);
        Assert.Contains("must be 38", Assert.Throws<ArgumentException>(() => Run(settings, new byte[5])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_noise_seed_trials_of_all_seeds_train_on_the_same_corrupted_examples()
    {
        string Labels(TrialSettings settings) => string.Join(' ', Trials.Run(settings with { Measures = new() { Loss = new("last") } }).Epochs
            .SelectMany(epoch => epoch.Findings).Where(found => found.Name is ExampleNames.Given or ExampleNames.Corrupted).Select(found => Convert.ToHexString(found.Values)));

        Assert.NotEqual(Labels(Settings), Labels(Settings with { Seed = 2 }));
        Assert.Equal(Labels(Settings), Labels(Settings with { Seed = 2, NoiseSeed = 1 }));
        Assert.Equal(Trials.Bits(Settings), Trials.Bits(Settings with { NoiseSeed = 1 }));
    }

    private static (TrialOutcome Outcome, List<EpochMeasures> Epochs) Run(TrialSettings settings, byte[]? kept)
    {
        var epochs = new List<EpochMeasures>();
        return (TrialRun.Run(settings, Trials.Data, epochs.Add, TimeProvider.System, default, null, kept), epochs);
    }
}
