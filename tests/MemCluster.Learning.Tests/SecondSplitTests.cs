using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

/// <summary>Training in two phases, and what is forgotten in the second (Maini et al. 2022).</summary>
public sealed class SecondSplitTests
{
    private static readonly TrialSettings Settings = Trials.Small with
    {
        Data = new() { Name = "glyphs", Train = 200, Validation = 50 },
        Network = new() { Depth = 1, Width = 128 },
        Training = new() { Epochs = 70, Batch = 16, Rate = 0.1, SecondSplit = new(40, 0.5) },
        Noise = new(Noise.Label, 0.2),
        Measures = new() { Learning = new("every 1"), SecondSplit = new("every 1") },
    };

    [Fact]
    public void Each_phase_learns_from_its_own_split_every_example_of_it_once_an_epoch()
    {
        var training = new TrainingSettings { Batch = 16, SecondSplit = new(2, 0.3) };
        int[][] epochs = [.. Enumerable.Range(1, 4).Select(epoch => Minibatches.Of(training, new(7), epoch, 101).SelectMany(batch => batch).ToArray())];

        Assert.Equal((71, 30), (epochs[0].Length, epochs[2].Length));
        Assert.Equal(Enumerable.Range(0, 101), epochs[0].Concat(epochs[2]).Order());
        Assert.Equal(epochs[0].Order(), epochs[1].Order());
        Assert.Equal(epochs[2].Order(), epochs[3].Order());
        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.Equal((1, 1), (new SecondSplit(1, 0.001).Of(101), 101 - new SecondSplit(1, 0.999).Of(101)));
    }

    [Fact]
    public void Splits_are_each_seeds_own_and_a_larger_second_one_holds_a_smaller()
    {
        var (small, large, other) = (Splits.Second(new(5, 0.2), new(1), 100), Splits.Second(new(9, 0.6), new(1), 100), Splits.Second(new(5, 0.2), new(2), 100));

        Assert.Equal((20, 60), (small.Count(one => one), large.Count(one => one)));
        Assert.All(Enumerable.Range(0, 100), example => Assert.True(large[example] || !small[example]));
        Assert.NotEqual(small, other);
    }

    [Fact]
    public void Drawn_with_replacement_too_each_phase_sees_its_own_split_only()
    {
        var training = new TrainingSettings { Batch = 16, Sampling = TrainingSettings.WithReplacement, EpochSteps = 40, SecondSplit = new(1, 0.5) };
        int[] Seen(int epoch) => [.. Minibatches.Of(training, new(7), epoch, 60).SelectMany(batch => batch).Distinct()];

        Assert.Empty(Seen(1).Intersect(Seen(2)));
        Assert.Equal(60, Seen(1).Length + Seen(2).Length);
    }

    [Fact]
    public void A_longer_trial_begins_with_the_bits_of_a_shorter_one_and_the_phases_part_where_the_second_begins()
    {
        IReadOnlyList<string> Weights(int epochs, SecondSplit? split) =>
            [.. Trials.Run(Settings with { Measures = null, Training = Settings.Training with { Epochs = epochs, SecondSplit = split } }).Epochs.Select(epoch => epoch.Weights)];
        var whole = Weights(6, new(3, 0.5));

        Assert.Equal(whole.Take(5), Weights(5, new(3, 0.5)));
        Assert.Equal(3, whole.Zip(Weights(6, new(4, 0.5))).TakeWhile(pair => pair.First == pair.Second).Count());
        Assert.NotEqual(whole[0], Weights(1, null)[0]);
    }

    /// <summary>Against the paper's sentences, read slowly: for each example all epochs are looked through, last one first.</summary>
    [Fact]
    public void Times_are_those_of_the_definition_and_wrong_labels_are_forgotten_first()
    {
        var (outcome, epochs) = Trials.Run(Settings);
        var found = epochs.SelectMany(epoch => epoch.Findings).ToLookup(one => one.Name);
        double[][] right = [.. found[ExampleNames.Correct].Select(one => one.ToNumbers())];
        var (learned, forgotten) = (found["first_split_learned"].Single().ToNumbers(), found["second_split_forgetting"].Single().ToNumbers());
        var (given, truth) = (found[ExampleNames.Given].Single().ToNumbers(), found[ExampleNames.True].Single().ToNumbers());
        var second = Splits.Second(Settings.Training.SecondSplit!, new(Settings.Seed), 200);
        for (var example = 0; example < 200; example++)
        {
            var (since, until) = (double.PositiveInfinity, double.PositiveInfinity);
            for (var epoch = 40; epoch >= 1 && right[epoch - 1][example] == 1; epoch--)
            {
                since = epoch;
            }

            for (var epoch = 70; epoch >= 41 && right[epoch - 1][example] == 0; epoch--)
            {
                until = epoch - 40;
            }

            Assert.Equal(second[example] ? double.NaN : since, learned[example]);
            Assert.Equal(second[example] ? double.NaN : until, forgotten[example]);
        }

        // Of every wrong and right example of the first split: is the wrong one forgotten sooner? Never is as late as never.
        var first = Enumerable.Range(0, 200).Where(example => !second[example]).ToArray();
        var pairs = first.Where(example => given[example] != truth[example])
            .SelectMany(wrong => first.Where(example => given[example] == truth[example]).Select(other => (Wrong: forgotten[wrong], Right: forgotten[other]))).ToArray();
        Assert.Equal(pairs.Average(pair => pair.Wrong < pair.Right ? 1 : pair.Wrong == pair.Right ? 0.5 : 0), outcome.Measures["second_split_forgetting_corrupted_auroc"], 1e-9);
        Assert.InRange(outcome.Measures["second_split_forgetting_corrupted_auroc"], 0.7, 1);
        Assert.InRange(outcome.Measures[MeasureKind.FirstSplitLearnedShare], 0.95, 1);
        Assert.InRange(outcome.Measures[MeasureKind.ForgottenCorruptedShare], outcome.Measures[MeasureKind.ForgottenCleanShare] + 0.3, 1);
        Assert.Empty(outcome.Absent ?? Absences.None);
    }

    [Fact]
    public void Shares_are_as_worked_out_by_hand_also_behind_a_checkpoint()
    {
        // Six examples, the last one of the second split. Learned after epoch 1, 2, 2, never, 1; then kept, forgotten at once, forgotten in epoch 2, still wrong, and wrong only between.
        bool[][] right =
        [
            [true, false, false, false, true, false], [true, true, true, false, true, true],
            [true, false, true, false, false, true], [true, false, false, false, true, true],
        ];
        var tally = new SplitTally([false, false, false, false, false, true], 2);
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            var resumed = new SplitTally([false, false, false, false, false, true], 2);
            resumed.Restore(tally.State);
            tally = resumed;
            tally.Add(epoch, right[epoch - 1]);
        }

        var scores = tally.Scores(4, [false, true, false, true, false, true]).ToDictionary(one => one.Name, one => one.ToNumbers());
        Assert.Equal([1, 2, 2, double.PositiveInfinity, 1, double.NaN], scores["first_split_learned"]);
        Assert.Equal([double.PositiveInfinity, 1, 2, 1, double.PositiveInfinity, double.NaN], scores["second_split_forgetting"]);
        Assert.Equal([0.8], scores[MeasureKind.FirstSplitLearnedShare]);
        Assert.Equal([0.5], scores[MeasureKind.ForgottenShare]);
        Assert.Equal([1.0 / 3], scores[MeasureKind.ForgottenCleanShare]);
        Assert.Equal([1.0], scores[MeasureKind.ForgottenCorruptedShare]);
        Assert.Equal([1.0], scores[MeasureKind.ForgottenLateShare]); // The tenth of three that was learned last is one: the third example.
        Assert.Equal(Absence.NotDefined, Absences.Of(tally.Scores(4, new bool[6]).Single(one => one.Name == MeasureKind.ForgottenCorruptedShare).ToNumbers()[0]));
    }
}
