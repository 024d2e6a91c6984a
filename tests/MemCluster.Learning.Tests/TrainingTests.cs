using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class TrainingTests
{
    private static readonly Regularizer Everything = new()
    {
        Dropout = 0.2,
        InputDropout = 0.1,
        InputNoise = 0.1,
        HiddenNoise = 0.05,
        WeightDecay = 1e-4,
        DecayOn = "all",
        Adversarial = 0.3,
        AdversarialIterations = 2,
    };

    [Theory]
    [InlineData("float32")]
    [InlineData("float64")]
    public void The_same_settings_give_the_same_bits_alone_and_beside_three_other_threads(string precision)
    {
        var settings = Trials.Small with { Regularizer = Everything, Numerics = new() { Precision = precision } };
        var alone = Trials.Bits(settings);
        var crowd = new string[4];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
            crowd[i] = Trials.Bits(i < 2 ? settings : settings with { Seed = (ulong)i, Network = new() { Depth = 3, Width = 64 } }))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(alone, crowd[0]);
        Assert.Equal(alone, crowd[1]);
        Assert.NotEqual(alone, crowd[2]);
    }

    [Fact]
    public void Every_setting_that_should_change_the_numbers_does()
    {
        TrialSettings[] variants =
        [
            Trials.Small,
            Trials.Small with { Seed = 2 },
            Trials.Small with { Data = Trials.Small.Data with { Scaling = DataSettings.Standardized } },
            Trials.Small with { Training = Trials.Small.Training with { Momentum = 0.8 } },
            Trials.Small with { Training = Trials.Small.Training with { Schedule = new(1, 0.5) } },
            Trials.Small with { Training = Trials.Small.Training with { Batch = 65 } },
            Trials.Small with { Training = Trials.Small.Training with { Schedule = new(0, 0.5, RateSchedule.After, "1") , Momentum = 0.7 } },
            Trials.Small with { Training = Trials.Small.Training with { Schedule = new(1, 0, RateSchedule.InverseRoot) } },
            Trials.Small with { Training = Trials.Small.Training with { Nesterov = true } },
            Trials.Small with { Training = Trials.Small.Training with { Momentum = 0, Optimizer = Optimizer.Adam } },
            Trials.Small with { Training = Trials.Small.Training with { Momentum = 0, Optimizer = Optimizer.Adam }, Regularizer = new() { WeightDecay = 0.5 } },
            Trials.Small with { Training = Trials.Small.Training with { Momentum = 0, Optimizer = Optimizer.AdamW }, Regularizer = new() { WeightDecay = 0.5 } },
            Trials.Small with { Training = Trials.Small.Training with { Momentum = 0, Optimizer = Optimizer.Adam with { Beta1 = 0.8 } } },
            Trials.Small with { Training = Trials.Small.Training with { Momentum = 0, Optimizer = Optimizer.Adam with { Beta2 = 0.99 } } },
            Trials.Small with { Training = Trials.Small.Training with { Momentum = 0, Optimizer = Optimizer.Adam with { Epsilon = 0.001 } } },
            Trials.Small with { Training = Trials.Small.Training with { Loss = new(TrainingLoss.CrossEntropyKind, 0, MeanOverClasses: true) } },
            Trials.Small with { Training = Trials.Small.Training with { Loss = new(TrainingLoss.SmoothedLog, 0.1) } },
            Trials.Small with { Training = Trials.Small.Training with { Loss = new(TrainingLoss.SmoothedLog, 0.1, MeanOverClasses: true) } },
            Trials.Small with { Training = Trials.Small.Training with { Loss = new(TrainingLoss.SmoothedLog, 0.2) } },
            Trials.Small with { Training = Trials.Small.Training with { Loss = new(TrainingLoss.Squared) } },
            Trials.Small with { Training = Trials.Small.Training with { Sampling = TrainingSettings.WithReplacement } },
            Trials.Small with { Training = Trials.Small.Training with { Sampling = TrainingSettings.WithReplacement, EpochSteps = 3 } },
            Trials.Small with { Noise = new(Noise.Label, 0.2, KeepTrueClass: false) },
            Trials.Small with { Regularizer = new() { Dropout = 0.2 } },
            Trials.Small with { Regularizer = new() { InputDropout = 0.2 } },
            Trials.Small with { Regularizer = new() { InputNoise = 0.2 } },
            Trials.Small with { Regularizer = new() { HiddenNoise = 0.2 } },
            Trials.Small with { Regularizer = new() { WeightDecay = 0.01 } },
            Trials.Small with { Regularizer = new() { Adversarial = 0.5 } },
            Trials.Small with { Regularizer = new() { Adversarial = 0.6 } },
            Trials.Small with { Regularizer = new() { Adversarial = 0.5, AdversarialRadius = 1 } },
            Trials.Small with { Regularizer = new() { Adversarial = 0.5, AdversarialAlpha = 0.1 } },
            Trials.Small with { Regularizer = new() { Adversarial = 0.5, AdversarialBeta = 0 } },
            Trials.Small with { Regularizer = new() { Adversarial = 0.5, AdversarialIterations = 3 } },
            Trials.Small with { Regularizer = new() { WeightDecay = 0.01, DecayOn = "all" } },
        ];
        Assert.Equal(variants.Length, variants.Select(settings => Trials.Run(settings).Outcome.Weights).Distinct().Count());
    }

    /// <summary>Example i has label i (Fig. 3 right), also where its image is noise; nothing is scored, and nothing diverges for it.</summary>
    [Fact]
    public void Where_every_example_is_a_class_of_its_own_each_is_learned_by_heart()
    {
        var settings = Trials.Small with
        {
            Data = new() { Name = "glyphs", Train = 30, Validation = 20, Labels = DataSettings.UniqueLabels },
            Noise = new(Noise.UniformInput, 1),
            Network = new() { Depth = 1, Width = 128 },
            Training = new() { Epochs = 400, Batch = 10, Rate = 0.01, Momentum = 0.9, StopAtTrainAccuracy = 1 },
        };
        var data = Corruption.Apply(Trials.Data.Load(settings.Data), settings.Noise, 1);
        var (outcome, epochs) = Trials.Run(settings);

        Assert.Equal(Enumerable.Range(0, 30), data.Given);
        Assert.Equal((30, 0), (data.Card.Classes, data.ValidationLabels.Length));
        Assert.Equal((TrialState.Finished, 1.0), (outcome.State, outcome.Measures[MeasureNames.TrainAccuracy]));
        Assert.False(outcome.Measures.ContainsKey(MeasureNames.ValidationAccuracyBest));
        Assert.All(epochs, epoch => Assert.Equal(2, epoch.Values.TakeLast(2).Count(double.IsNaN)));
        Assert.Equal(TrialState.Diverged, Trials.Run(settings with { Training = settings.Training with { Rate = 1e30 } }).Outcome.State);
    }

    [Fact]
    public void More_epochs_repeat_the_first_ones_and_go_on()
    {
        var settings = Trials.Small with { Regularizer = Everything };
        var few = Trials.Run(settings).Epochs;
        var more = Trials.Run(settings with { Training = settings.Training with { Epochs = 5 } }).Epochs;
        Assert.Equal(few.Select(epoch => epoch.Weights), more.Take(3).Select(epoch => epoch.Weights));
        Assert.Equal([1, 2, 3, 4, 5], more.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void A_tiny_set_is_learned_by_heart_even_with_random_labels_and_training_stops_there()
    {
        var settings = Trials.Small with
        {
            Data = new() { Name = "glyphs", Train = 60, Validation = 50 },
            Network = new() { Depth = 2, Width = 128 },
            Training = new() { Epochs = 500, Batch = 16, Rate = 0.05, Momentum = 0.9, StopAtTrainAccuracy = 1 },
            Noise = new(Noise.Label, 1),
        };
        var (outcome, epochs) = Trials.Run(settings);
        Assert.Equal(TrialState.Finished, outcome.State);
        Assert.Equal(1, outcome.Measures[MeasureNames.TrainAccuracyCorrupted]);
        Assert.InRange(outcome.Epochs, 2, 300);
        Assert.Equal(outcome.Epochs, outcome.Measures[MeasureNames.ConvergenceEpoch]);
        Assert.All(epochs.SkipLast(1), epoch => Assert.True(Measures.TrainAccuracy(epoch) < 1));
        Assert.False(outcome.Measures.ContainsKey(MeasureNames.TrainAccuracyClean));
    }

    [Fact]
    public void Training_stops_after_the_first_epoch_that_reaches_the_share_asked_for()
    {
        var settings = Trials.Small with { Noise = Noise.None, Training = Trials.Small.Training with { Epochs = 60, StopAtTrainAccuracy = 0.5 } };
        var (outcome, epochs) = Trials.Run(settings);
        Assert.True(outcome.Epochs < 60);
        Assert.True(Measures.TrainAccuracy(epochs[^1]) >= 0.5);
        Assert.All(epochs.SkipLast(1), epoch => Assert.True(Measures.TrainAccuracy(epoch) < 0.5));
    }

    [Fact]
    public void Training_stops_after_the_first_epoch_whose_loss_is_as_small_as_asked_for()
    {
        var settings = Trials.Small with { Noise = Noise.None, Training = Trials.Small.Training with { Epochs = 60, StopAtTrainLoss = 1.5 } };
        var (outcome, epochs) = Trials.Run(settings);
        Assert.True(outcome.Epochs < 60);
        Assert.True(Measures.Value(epochs[^1], MeasureNames.TrainLoss) <= 1.5);
        Assert.All(epochs.SkipLast(1), epoch => Assert.True(Measures.Value(epoch, MeasureNames.TrainLoss) > 1.5));
    }

    [Fact]
    public void A_loss_that_bursts_ends_the_trial_as_diverged_with_the_last_finite_epoch()
    {
        var steady = Trials.Small with { Training = Trials.Small.Training with { Epochs = 2 } };
        var bursting = Trials.Small with { Training = Trials.Small.Training with { Epochs = 9, Schedule = new(2, 1e18) } };
        var (good, (bad, epochs)) = (Trials.Run(steady).Outcome, Trials.Run(bursting));
        Assert.Equal((TrialState.Diverged, 2, 2), (bad.State, bad.Epochs, epochs.Count));
        Assert.Equal(good.Measures, bad.Measures);
        Assert.Equal(good.Weights, bad.Weights);
    }

    [Fact]
    public void A_trial_that_diverges_in_its_first_epoch_has_no_measures()
    {
        var (outcome, epochs) = Trials.Run(Trials.Small with { Training = Trials.Small.Training with { Rate = 1e30 } });
        Assert.Equal((TrialState.Diverged, 0), (outcome.State, outcome.Epochs));
        Assert.Empty(epochs);
        Assert.Empty(outcome.Measures);
        Assert.Equal(16, outcome.Weights.Length);
    }

    [Fact]
    public void A_trial_that_is_stopped_reports_no_further_epoch()
    {
        using var stop = new CancellationTokenSource();
        var epochs = 0;
        Assert.Throws<OperationCanceledException>(() => TrialRun.Run(Trials.Small, Trials.Data, epoch =>
        {
            epochs++;
            stop.Cancel();
        }, TimeProvider.System, stop.Token));
        Assert.Equal(1, epochs);
    }

    [Fact]
    public void A_missing_set_ends_a_trial_with_its_sentence()
    {
        var nowhere = new DataSource(new DataFolder(["/nowhere"]));
        var problem = Assert.Throws<DataProblem>(() =>
            TrialRun.Run(Trials.Small with { Data = new() { Name = "mnist" } }, nowhere, _ => { }, TimeProvider.System, default));
        Assert.StartsWith("No MNIST here.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_inside_libtorch_is_told_in_one_line()
    {
        // No spec may ask for this; it is an operation that libtorch refuses.
        var settings = Trials.Small with { Measures = new() { Csr = new("at 0 examples=-1") } };
        var failure = Assert.Throws<InvalidOperationException>(() => Trials.Run(settings));
        Assert.StartsWith("libtorch: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
