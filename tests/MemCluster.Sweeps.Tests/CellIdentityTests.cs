using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class CellIdentityTests
{
    private static readonly TrialSettings Plain = new() { Data = new() { Name = "glyphs" } };

    [Fact]
    public void The_identity_is_taken_over_what_is_not_the_default_the_data_and_the_seed() => Assert.Equal(
        $"""
        data.digest={DataCatalog.Mnist.Digest}
        data.name=mnist
        data.train=5000
        data.validation=5000
        network.width=32
        noise=label 0.2
        seed=1
        training.momentum=0.9
        training.rate=0.05
        training.stop-at-train-accuracy=1
        """.ReplaceLineEndings("\n"),
        CellIdentity.TextOf(new Grid(Read(Example)).SettingsAt(28)));

    /// <summary>If one of these fails, journals that exist speak of cells that no longer are.</summary>
    [Theory]
    [InlineData(0, "6ab9240a3732681802e5406355c23b5f")]
    [InlineData(28, "d145f5dcf893082ade1ad0c44b9c7487")]
    [InlineData(134, "d07de6ba02e0c596226ee66225fde921")]
    public void The_cells_of_a_known_sweep_never_change(int place, string cell) =>
        Assert.Equal(cell, new Grid(Read(Example)).CellAt(place).ToString());

    [Fact]
    public void A_sleep_cell_never_changes_and_has_no_data() =>
        Assert.Equal("3bd0c519834f57540adf7a6a5346ec7a", CellIdentity.Of(new() { Network = new() { Kind = "sleep", Seconds = 0.5 }, Seed = 7 }).ToString());

    [Fact]
    public void A_workload_that_only_waits_has_no_data_digest_whatever_it_stands_in_for()
    {
        var text = CellIdentity.TextOf(Plain with { Network = new() { Kind = "sleep" } });

        Assert.Equal("data.name=glyphs\nnetwork.kind=sleep\nseed=0", text);
    }

    [Theory]
    [InlineData("noise: label 0 keep-true-class=false")]
    [InlineData("regularizer: weight-decay 0 decay-on=all")]
    [InlineData("training: {schedule: step 20 1, momentum: -0.0}")]
    [InlineData("network: {depth: 2}")]
    public void What_changes_nothing_leaves_the_cell_what_it_is(string line) =>
        Assert.Equal(new Grid(With()).CellAt(0), new Grid(With(line)).CellAt(0));

    [Fact]
    public void A_cell_is_the_same_wherever_it_stands()
    {
        var alone = new Grid(Read(Example, "sweep=x", "seeds=[2]", "axes.noise=label 0.4", "axes.capacity=512", "axes.regularizer=none"));
        var grid = new Grid(Read(Example));

        Assert.Contains(alone.CellAt(0), Enumerable.Range(0, grid.Count).Select(grid.CellAt));
    }

    [Fact]
    public void Every_setting_is_part_of_the_identity()
    {
        TrialSettings[] others =
        [
            Plain with { Data = Plain.Data with { Name = "mnist" } },
            Plain with { Data = Plain.Data with { Train = 5 } },
            Plain with { Data = Plain.Data with { Validation = 5 } },
            Plain with { Data = Plain.Data with { Balanced = true } },
            Plain with { Data = Plain.Data with { Pool = 2 } },
            Plain with { Data = Plain.Data with { Split = "test" } },
            Plain with { Data = Plain.Data with { Scaling = "standardized" } },
            Plain with { Data = Plain.Data with { Labels = "unique" } },
            Plain with { Network = new() { Kind = "sleep" } },
            Plain with { Network = new() { Depth = 5 } },
            Plain with { Network = new() { Width = 5 } },
            Plain with { Network = new() { Init = "glorot" } },
            Plain with { Network = new() { Seconds = 5 } },
            Plain with { Network = new() { Kind = "cnn" } },
            Plain with { Network = new() { Filters = 5 } },
            Plain with { Network = new() { Multiplier = 5 } },
            Plain with { Network = new() { Padding = "valid" } },
            Plain with { Network = new() { PoolStride = 3 } },
            Plain with { Network = new() { BatchNorm = false } },
            Plain with { Network = new() { Regularized = "all" } },
            Plain with { Training = new() { Epochs = 5 } },
            Plain with { Training = new() { Batch = 5 } },
            Plain with { Training = new() { Rate = 5 } },
            Plain with { Training = new() { Momentum = 0.5 } },
            Plain with { Training = new() { Optimizer = Optimizer.Adam } },
            Plain with { Training = new() { Optimizer = Optimizer.AdamW } },
            Plain with { Training = new() { Optimizer = Optimizer.Adam with { Beta1 = 0.5 } } },
            Plain with { Training = new() { Optimizer = Optimizer.Adam with { Beta2 = 0.5 } } },
            Plain with { Training = new() { Optimizer = Optimizer.Adam with { Epsilon = 0.5 } } },
            Plain with { Training = new() { Schedule = new(5, 0.5) } },
            Plain with { Training = new() { Schedule = new(6, 0.5) } },
            Plain with { Training = new() { Schedule = new(5, 0, "inverse-sqrt") } },
            Plain with { Training = new() { Schedule = new(0, 0.5, "at", "5,6") } },
            Plain with { Training = new() { Nesterov = true } },
            Plain with { Training = new() { Loss = new("squared") } },
            Plain with { Training = new() { Loss = new("smoothed-log", 0.1) } },
            Plain with { Training = new() { Loss = new("smoothed-log", 0.1, MeanOverClasses: true) } },
            Plain with { Training = new() { Sampling = "with-replacement" } },
            Plain with { Training = new() { EpochSteps = 5 } },
            Plain with { Training = new() { StopAtTrainAccuracy = 0.5 } },
            Plain with { Noise = new("label", 0.5) },
            Plain with { Noise = new("label", 0.5, KeepTrueClass: false) },
            Plain with { Noise = new("input", 0.5) },
            Plain with { NoiseSeed = 5 },
            Plain with { Regularizer = new() { Dropout = 0.5 } },
            Plain with { Regularizer = new() { InputDropout = 0.5 } },
            Plain with { Regularizer = new() { InputNoise = 0.5 } },
            Plain with { Regularizer = new() { HiddenNoise = 0.5 } },
            Plain with { Regularizer = new() { WeightDecay = 0.5 } },
            Plain with { Regularizer = new() { WeightDecay = 0.5, DecayOn = "all" } },
            Plain with { Regularizer = new() { Adversarial = 0.5 } },
            Plain with { Regularizer = new() { Adversarial = 0.5, AdversarialRadius = 1 } },
            Plain with { Regularizer = new() { Adversarial = 0.5, AdversarialAlpha = 1 } },
            Plain with { Regularizer = new() { Adversarial = 0.5, AdversarialBeta = 1 } },
            Plain with { Regularizer = new() { Adversarial = 0.5, AdversarialIterations = 1 } },
            Plain with { Numerics = new() { InstructionSet = "native" } },
            Plain with { Numerics = new() { Threads = 5 } },
            Plain with { Numerics = new() { Precision = "float64" } },
            Plain with { Seed = 5 },
        ];

        Assert.Equal(others.Length + 1, others.Append(Plain).Select(CellIdentity.Of).Distinct().Count());
    }

    [Fact]
    public void Every_kind_of_noise_in_the_settings_can_be_written() =>
        Assert.Equal(NoiseKind.All.Select(kind => kind.Name), NoiseKind.All.Select(kind => kind.Name).Select(kind => AxisValues($"noise: {kind}{(kind is "none" or "shuffled-pixels" ? "" : " 0.5")}").Single().Split(' ')[0]));
}
