using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class MeasuresTests
{
    /// <summary>Four training examples, the last two corrupted; the third's random label happens to be its true one.</summary>
    private static readonly CorruptedData Data = new(
        DataCatalog.Glyphs, [], Given: [0, 1, 2, 5], True: [0, 1, 2, 3], Corrupted: [false, false, true, true], [], ValidationLabels: [7, 8, 9]);

    [Fact]
    public void A_case_worked_out_by_hand()
    {
        var epoch = Measures.After(3, Data, new([0.5, 1.5, 0.25, 3.75], [0, 4, 2, 3]), new([1, 2, 6], [7, 8, 0]), "w");
        Assert.Equal(3, epoch.Epoch);
        Assert.Equal("w", epoch.Weights);
        Assert.Equal(
            [
                6.0 / 4,    // train_loss
                2.0 / 4,    // train_accuracy: right at the first and third
                1.0 / 2,    // clean: first right, second wrong
                1.0 / 2,    // corrupted, label given: 2 = 2, but 3 ≠ 5
                2.0 / 2,    // corrupted, true label: 2 = 2, 3 = 3
                9.0 / 3,    // validation_loss
                2.0 / 3,    // validation_accuracy
            ],
            epoch.Values.ToArray());
    }

    [Fact]
    public void A_part_without_examples_has_no_measure()
    {
        var clean = Data with { Corrupted = new bool[4] };
        var values = Measures.After(1, clean, new(new double[4], [0, 1, 2, 5]), new(new double[3], new int[3]), "").Values;
        Assert.Equal([1, 1, double.NaN, double.NaN], values[1..5].ToArray());
        Assert.Equal([null, null, Absence.NotDefined, Absence.NotDefined], values[1..5].Select(Absences.Of));

        var without = Measures.After(1, clean with { ValidationLabels = [] }, new(new double[4], [0, 1, 2, 5]), new([], []), "");
        Assert.Equal([Absence.NotDefined, Absence.NotDefined], without.Values[5..].Select(Absences.Of));
        Assert.True(Measures.AreFinite(without));
    }

    private static EpochMeasures Epoch(int epoch, double train, double validation, double loss = 1) =>
        new(epoch, [loss, train, train, double.NaN, double.NaN, loss, validation], $"w{epoch}");

    [Fact]
    public void The_final_row_has_the_last_training_measures_and_the_first_of_the_best_epochs()
    {
        var outcome = TrialOutcomes.Fold(TrialState.Finished, [Epoch(1, 0.5, 0.7), Epoch(2, 1, 0.9), Epoch(3, 1, 0.9), Epoch(4, 0.99, 0.8, loss: 2)], "w0");
        Assert.Equal(4, outcome.Epochs);
        Assert.Equal("w4", outcome.Weights);
        Assert.Equal(
            new Dictionary<string, double>
            {
                ["train_accuracy"] = 0.99,
                ["train_accuracy_clean"] = 0.99,
                ["train_loss"] = 2,
                ["validation_accuracy_best"] = 0.9,
                ["validation_best_epoch"] = 2,
                ["validation_accuracy_last"] = 0.8,
                ["validation_loss_last"] = 2,
                ["convergence_epoch"] = 2,
            }.ToImmutableSortedDictionary(),
            outcome.Measures);
        Assert.All(outcome.Measures.Keys, name => Assert.Contains(name, MeasureNames.Final));
    }

    [Fact]
    public void The_last_number_that_a_measure_gave_counts_also_where_it_is_none()
    {
        EpochMeasures[] epochs =
        [
            Epoch(1, 0.5, 0.7) with { Findings = [Finding.OfNumber(1, "sharpness", 3), Finding.OfNumber(1, "gini", Absences.NotDefined), Finding.OfNumber(1, "csr", 1)] },
            Epoch(2, 0.5, 0.7) with { Findings = [Finding.OfNumber(2, "sharpness", double.NaN), Finding.OfNumber(2, "gini", 0.5), Finding.OfNumber(2, "csr", double.PositiveInfinity)] },
        ];
        var outcome = TrialOutcomes.Fold(TrialState.Finished, epochs, "");

        Assert.Equal(["gini"], outcome.Measures.Keys.Except(MeasureNames.Final));
        Assert.Equal(
            new Dictionary<string, Absence>
            {
                ["sharpness"] = Absence.Nan,
                ["csr"] = Absence.Infinite,
                ["train_accuracy_corrupted"] = Absence.NotDefined,
                ["train_accuracy_corrupted_true"] = Absence.NotDefined,
            }.ToImmutableSortedDictionary(),
            outcome.Absent);
    }

    [Fact]
    public void A_workload_without_measures_has_no_words_for_them()
    {
        var outcome = TrialOutcomes.Fold(TrialState.Finished, [Measures.None(1)], "");

        Assert.Empty(outcome.Measures);
        Assert.Null(outcome.Absent);
    }

    [Fact]
    public void A_trial_that_never_fits_its_training_set_has_no_convergence_epoch() =>
        Assert.False(TrialOutcomes.Fold(TrialState.Finished, [Epoch(1, 0.9999, 0.5)], "").Measures.ContainsKey(MeasureNames.ConvergenceEpoch));

    [Fact]
    public void A_trial_without_a_finite_epoch_has_no_measures_and_its_initial_weights()
    {
        var outcome = TrialOutcomes.Fold(TrialState.Diverged, [], "w0");
        Assert.Empty(outcome.Measures);
        Assert.Equal((TrialState.Diverged, 0, "w0"), (outcome.State, outcome.Epochs, outcome.Weights));
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(12.5, true)]
    public void An_epoch_is_finite_when_its_losses_are(double loss, bool finite) => Assert.Equal(finite, Measures.AreFinite(Epoch(1, 0.5, 0.5, loss)));
}
