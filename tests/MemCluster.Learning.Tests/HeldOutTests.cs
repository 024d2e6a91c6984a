using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class HeldOutTests
{
    private static readonly TrialSettings Settings = Trials.Small with
    {
        Network = new() { Depth = 1, Width = 128 },
        Training = new() { Epochs = 80, Batch = 16, Rate = 0.05, Momentum = 0.9 },
        Noise = new(Noise.Label, 0.3),
        Prune = new("", Drops.Random, 0.3),
        Measures = new() { HeldOut = new("last") },
    };

    [Fact]
    public void Of_the_examples_left_out_those_with_a_wrong_label_come_out_wrong_and_the_others_mostly_right()
    {
        var (outcome, epochs) = Trials.Run(Settings);
        var found = epochs.SelectMany(epoch => epoch.Findings).ToDictionary(found => found.Name);
        var (kept, right) = (KeptBits.Unpack(found[ExampleNames.Kept].Values, 300), KeptBits.Unpack(found[ExampleNames.CorrectAll].Values, 300));
        var (given, truth) = (found[ExampleNames.Given].ToNumbers(), found[ExampleNames.True].ToNumbers());

        Assert.Equal((300, FindingForms.Bytes), (given.Length, found[ExampleNames.Given].Form));
        Assert.Equal(outcome.Measures[MeasureNames.TrainAccuracy], Share(example => kept[example]));
        Assert.Equal(outcome.Measures[MeasureKind.KeptAccuracy], Share(example => kept[example]));
        Assert.Equal(outcome.Measures[MeasureKind.LeftOutAccuracy], Share(example => !kept[example]));
        Assert.InRange(Share(example => kept[example]), 0.95, 1);
        Assert.InRange(Share(example => !kept[example] && given[example] != truth[example]), 0, 0.25);
        Assert.InRange(Share(example => !kept[example] && given[example] == truth[example]), 0.5, 1);
        Assert.Equal(
            outcome.Measures[MeasureNames.ValidationAccuracyLast], KeptBits.Unpack(found[ExampleNames.CorrectValidation].Values, 200).Count(one => one) / 200.0);

        double Share(Func<int, bool> of) => Enumerable.Range(0, 300).Where(of).Average(example => right[example] ? 1.0 : 0);
    }

    [Fact]
    public void What_is_said_of_the_examples_left_out_changes_no_bit_of_the_training()
    {
        var (bare, asked) = (Trials.Run(Settings with { Measures = null }), Trials.Run(Settings));

        Assert.Equal(bare.Epochs.Select(epoch => epoch.Weights), asked.Epochs.Select(epoch => epoch.Weights));
        Assert.Equal(bare.Epochs.SelectMany(epoch => epoch.Values), asked.Epochs.SelectMany(epoch => epoch.Values));
    }

    /// <summary>Scores of single examples stay those of the examples kept, though the labels told are of all.</summary>
    [Fact]
    public void Other_measures_beside_it_are_of_the_examples_kept()
    {
        var (outcome, epochs) = Trials.Run(Settings with { Training = Settings.Training with { Epochs = 2 }, Measures = new() { HeldOut = new("last"), El2n = new("every 1") } });
        var found = epochs.SelectMany(epoch => epoch.Findings).ToArray();

        Assert.All(found.Where(one => one.Name == "el2n"), one => Assert.Equal(210, one.ToNumbers().Length));
        Assert.Equal(300, found.Single(one => one.Name == ExampleNames.True).ToNumbers().Length);
        Assert.InRange(outcome.Measures[MeasureKind.CorruptedAuroc("el2n")], 0.5, 1);
    }
}
