using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class MeasurementsTests
{
    private static readonly TrialSettings Plain = Trials.Small with
    {
        Data = new() { Name = "glyphs", Train = 120, Validation = 60 },
        Network = new() { Depth = 2, Width = 12 },
        Training = new() { Epochs = 2, Batch = 32, Rate = 0.1 },
    };

    private static readonly MeasurePlan Everything = new()
    {
        Norms = new("every 1 at 0"),
        TrainMode = new("every 1 at 0"),
        Sharpness = new("last iterations=5 examples=50 trace-probes=2"),
        Csr = new("at 0,1,last radii=0.3,8 on=both examples=40 iterations=5"),
        LossSensitivity = new("at 0,last window=6 thin=2"),
        ClassSensitivity = new("last examples=120"),
        InputGradient = new("every 1"),
        Learning = new("every 1"),
        Loss = new("last"),
        El2n = new("last"),
        Grand = new("last"),
        Curvature = new("last probes=2"),
        Membership = new("last"),
        HeldOut = new("at 1,last"),
        InputNorm = new("last"),
        PredictionDepth = new("at 0,last k=5"),
    };

    /// <summary>With a second split: what asks for plain descent goes through the same minibatches again, and <c>second-split</c> has something to tell.</summary>
    private static readonly TrialSettings InPhases = Plain with { Training = Plain.Training with { SecondSplit = new(1, 0.5) }, Measures = Everything with { SecondSplit = new("every 1") } };

    [Fact]
    public void Every_measure_has_a_word_and_a_deed() => Assert.Equal(
        MeasureKind.All.Select(kind => kind.Name).Where(name => name is not ("learning" or "second-split")).Order(), MeasureDeeds.ByName.Keys.Order());

    [Fact]
    public void Measuring_changes_no_bit_of_the_training()
    {
        var settings = Plain with { Regularizer = new() { Dropout = 0.2, InputNoise = 0.1 } };
        var (bare, bareEpochs) = Trials.Run(settings);
        var (measured, epochs) = Trials.Run(settings with { Measures = Everything });

        Assert.Equal(bareEpochs.Select(epoch => epoch.Weights), epochs.Select(epoch => epoch.Weights));
        Assert.Equal(bareEpochs.SelectMany(epoch => epoch.Values), epochs.SelectMany(epoch => epoch.Values));
        Assert.All(bare.Measures, number => Assert.Equal(number.Value, measured.Measures[number.Key]));
    }

    [Fact]
    public void With_a_seed_for_the_noise_trials_of_all_seeds_learn_the_same_labels_from_other_weights()
    {
        var settings = Plain with { NoiseSeed = 7, Noise = new(Noise.Label, 0.5), Measures = new() { Loss = new("last") } };
        var (one, other) = (Trials.Run(settings with { Seed = 1 }), Trials.Run(settings with { Seed = 2 }));
        Assert.Equal(Labels(one.Epochs), Labels(other.Epochs));
        Assert.NotEqual(one.Outcome.Weights, other.Outcome.Weights);
        Assert.NotEqual(Labels(one.Epochs), Labels(Trials.Run(settings with { Seed = 1, NoiseSeed = null }).Epochs));
        Assert.Equal(Trials.Run(settings with { Seed = 7 }).Outcome.Weights, Trials.Run(settings with { Seed = 7, NoiseSeed = null }).Outcome.Weights);

        static double[] Labels(List<EpochMeasures> epochs) => epochs.SelectMany(epoch => epoch.Findings).Single(found => found.Name == ExampleNames.Given).ToNumbers();
    }

    [Fact]
    public void A_trial_repeats_what_it_found_bit_for_bit()
    {
        var settings = Plain with { Measures = Everything };

        Assert.Equal(Text(Trials.Run(settings).Epochs), Text(Trials.Run(settings).Epochs));
        Assert.Equal(Text(Trials.Run(InPhases).Epochs), Text(Trials.Run(InPhases).Epochs));
    }

    /// <summary>Of each measure alone: its number columns and its arrays are those that its word promises.</summary>
    [Fact]
    public void Each_measure_finds_what_its_word_says()
    {
        foreach (var kind in MeasureKind.All)
        {
            var plan = kind.Put(new(), kind.Get(InPhases.Measures!));

            // Without anything left out there is nothing to say of it.
            var prune = kind.Name == "held-out" ? new Prune("", Drops.Random, 0.25) : Prune.None;
            var (outcome, epochs) = Trials.Run((kind.Name == "second-split" ? InPhases : Plain) with { Measures = plan, Prune = prune });
            var arrays = epochs.SelectMany(epoch => epoch.Findings).Where(found => found.Form is FindingForms.Singles or FindingForms.Bits)
                .Select(found => found.Name).Distinct().Except([ExampleNames.Given, ExampleNames.True, ExampleNames.Corrupted, ExampleNames.Kept]);

            Assert.Equal(MeasureKind.NumbersOf(plan).Order(), outcome.Measures.Keys.Except(MeasureNames.Final).Except(Prune.Numbers).Order());
            Assert.Equal(kind.Examples.Concat(kind.Others), arrays);
        }
    }

    [Fact]
    public void Findings_come_with_their_epochs_and_those_before_training_with_the_first()
    {
        var (_, epochs) = Trials.Run(Plain with { Measures = new() { Csr = new("at 0,1,last radii=8 iterations=3"), Norms = new("every 2") } });

        Assert.Equal([(0, "csr_validation_r8"), (1, "csr_validation_r8")], epochs[0].Findings.Select(found => (found.Epoch, found.Name)));
        Assert.Equal(
            [(2, "parameter_norm"), (2, "gradient_norm"), (2, "csr_validation_r8")], epochs[1].Findings.Select(found => (found.Epoch, found.Name)));
    }

    [Fact]
    public void The_last_epoch_is_the_one_that_training_ends_with()
    {
        var settings = Plain with { Training = Plain.Training with { Epochs = 60, StopAtTrainAccuracy = 0.3 }, Noise = Noise.None, Measures = new() { El2n = new("last") } };
        var (outcome, epochs) = Trials.Run(settings);

        Assert.InRange(outcome.Epochs, 1, 59);
        Assert.Equal(outcome.Epochs, epochs.SelectMany(epoch => epoch.Findings).Single(found => found.Name == "el2n").Epoch);
    }

    /// <summary>The sweep through training starts from nothing but the seed; if it went through another training, its numbers would be of no use.</summary>
    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    public void The_run_that_is_gone_through_again_is_the_one_that_was_trained(string kind)
    {
        using var scope = NewDisposeScope();
        var settings = Plain with { Network = Plain.Network with { Kind = kind, Multiplier = 0.02 }, Numerics = new() { Precision = "float64" } };
        var data = Corruption.Apply(Trials.Data.Load(settings.Data), settings.Noise, settings.Seed);
        var train = TensorData.Train(data, ScalarType.Float64);
        var network = NetworkKinds.Create(settings.Network, data.Card, new Seeds(settings.Seed), ScalarType.Float64);
        var learner = Learner.Of(settings, network, train.PixelUnits);
        TrainingLoop.Train(settings, learner, train, epoch => new(epoch, [.. MeasureNames.Epoch.Select(_ => 0.0)], ""), _ => { }, default);
        var again = ThroughTraining.RunOf(new(2, settings, learner, train, train, data, default)).WeightsAfter(8);

        Assert.All(network.Parameters.Zip(again), pair =>
            Assert.True((pair.First.Value.detach() - pair.Second).abs().max().item<double>() < 1e-12));
    }

    [Fact]
    public void The_tally_of_learning_is_as_worked_out_by_hand()
    {
        // Four examples over three epochs: always right; right, wrong, right; never right; right from the second on.
        bool[][] right = [[true, true, false, false], [true, false, false, true], [true, true, false, true]];
        double[][] p = [[0.9, 0.6, 0.1, 0.2], [0.9, 0.2, 0.1, 0.8], [0.9, 0.7, 0.1, 0.8]];
        var tally = new LearningTally(4);
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            // The state goes through a checkpoint in between.
            var resumed = new LearningTally(4);
            resumed.Restore(tally.State);
            tally = resumed;
            tally.Add(epoch, new([0, 0, 0, 0], [.. p[epoch - 1].Select(one => (2 * one) - 1)], [.. p[epoch - 1].Select(one => -Math.Log(one))], p[epoch - 1], right[epoch - 1]));
        }

        var scores = tally.Scores(3).ToDictionary(found => found.Name, found => found.ToNumbers());
        Assert.Equal([0, 1, 3, 0], scores["forgetting"]); // Never learned: as many as epochs, more than any that was can have.
        Assert.Equal([1, 1, double.PositiveInfinity, 2], scores["first_learned"]);
        Assert.Equal([1, 3, double.PositiveInfinity, 2], scores["learned_for_good"]);
        Assert.Equal([0.8, 0, -0.8, 0.2], scores["aum"].Select(number => Math.Round(number, 6)));
        Assert.Equal([0.9, 0.5, 0.1, 0.6], scores["confidence"].Select(number => Math.Round(number, 6)));
        Assert.Equal(Math.Sqrt(0.08), scores["variability"][3], 6);
        Assert.Equal(-3 * Math.Log(0.1), scores["cumulative_loss"][2], 5);
        Assert.Equal([0.5], scores["unforgettable_share"]);
    }

    /// <summary>No example is corrupted, none is left out, none is for validation (each has a class of its own), and nothing was trained on yet.</summary>
    [Fact]
    public void A_measure_says_where_it_is_not_defined()
    {
        var settings = Plain with
        {
            Data = Plain.Data with { Labels = DataSettings.UniqueLabels },
            Noise = Noise.None,
            Measures = new() { El2n = new("last"), HeldOut = new("last"), LossSensitivity = new("at 0"), Membership = new("last"), Csr = new("last iterations=2 radii=0.3,1") },
        };
        var (outcome, epochs) = Trials.Run(settings);
        string[] names =
        [
            "csr_validation_r0.3", "csr_validation_r1", "el2n_corrupted_auroc", "left_out_accuracy", "loss_sensitivity_gini", "loss_sensitivity_gini_l2", "loss_sensitivity_gini_max",
            "loss_sensitivity_mean", "membership_auroc", "train_accuracy_corrupted", "train_accuracy_corrupted_true", "validation_accuracy_best", "validation_accuracy_last",
            "validation_best_epoch", "validation_loss_last",
        ];

        Assert.Equal(names, outcome.Absent!.Keys);
        Assert.All(outcome.Absent.Values, word => Assert.Equal(Absence.NotDefined, word));
        Assert.Equal(["loss_sensitivity_gini"], epochs[0].Findings.Where(found => found.Name == "loss_sensitivity_gini").Select(found => found.Name));
        Assert.Contains("el2n_mean", outcome.Measures.Keys);
    }

    [Fact]
    public void A_matrix_says_what_a_class_without_examples_and_zeros_leave_undefined_and_nothing_else()
    {
        double[][] matrix = [[2, 1], [0, 4]];
        var whole = ClassMatrix.Summarize([[2, 1], [1, 4]]);
        var zero = ClassMatrix.Summarize(matrix);
        var none = ClassMatrix.Summarize([[2, Absences.NotDefined], [1, 4]]);
        var broken = ClassMatrix.Summarize([[2, Absences.NotDefined], [double.NaN, 4]]);
        var flat = ClassMatrix.Summarize([[0, 0], [0, 0]]);

        Assert.Equal((3.0, 1.0, 3.0, 0.25), (whole.MeanDiagonal, whole.MeanOff, whole.DiagonalToOff, whole.OffShare));
        Assert.Equal((0.5, 6, Absence.NotDefined), (zero.MeanOff, zero.DiagonalToOff, Absences.Of(zero.LogDeviation)));
        Assert.Equal((3.0, Absence.NotDefined, Absence.NotDefined), (none.MeanDiagonal, Absences.Of(none.MeanOff), Absences.Of(none.OffShare)));
        Assert.Equal((3.0, Absence.Nan, Absence.Nan), (broken.MeanDiagonal, Absences.Of(broken.MeanOff), Absences.Of(broken.LogDeviation)));
        Assert.Equal((Absence.NotDefined, Absence.NotDefined), (Absences.Of(flat.DiagonalToOff), Absences.Of(flat.OffShare)));
    }

    [Fact]
    public void Train_mode_sees_the_regularizers_and_without_any_agrees_with_scoring()
    {
        var plain = Plain with { Network = new() { Width = 64 }, Training = new() { Epochs = 15, Batch = 16, Rate = 0.1 }, Measures = new() { TrainMode = new("last") } };
        var (bare, dropped) = (Trials.Run(plain).Outcome.Measures, Trials.Run(plain with { Regularizer = new() { Dropout = 0.5 } }).Outcome.Measures);

        Assert.Equal(bare[MeasureNames.TrainAccuracy], bare["train_mode_accuracy"]);
        Assert.Equal(bare[MeasureNames.TrainLoss], bare["train_mode_loss"], 1e-6);
        Assert.InRange(dropped["train_mode_loss"], dropped[MeasureNames.TrainLoss] + 0.01, 10);
    }

    [Fact]
    public void Corrupted_examples_are_found_by_how_badly_they_are_learned()
    {
        var settings = Plain with { Training = new() { Epochs = 12, Batch = 16, Rate = 0.2 }, Network = new() { Width = 64 }, Measures = new() { Learning = new("every 1"), El2n = new("at 8") } };
        var measures = Trials.Run(settings).Outcome.Measures;

        foreach (var score in (string[])["aum", "confidence", "cumulative_loss", "el2n"])
        {
            Assert.InRange(measures[MeasureKind.CorruptedAuroc(score)], 0.7, 1);
        }
    }

    private static string Text(IEnumerable<EpochMeasures> epochs) => string.Join('\n', epochs.SelectMany(epoch => epoch.Findings)
        .Select(found => $"{found.Epoch} {found.Name} {found.Form} {Convert.ToHexString(found.Values)}"));
}
