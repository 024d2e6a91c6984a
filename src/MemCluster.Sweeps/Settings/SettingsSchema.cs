using System.Collections.Frozen;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Every setting that a sweep file knows, in the order in which the canonical form writes them. This is the one place where a setting is
/// added; its default stands in <see cref="TrialSettings"/> and never changes.
/// </summary>
public static class SettingsSchema
{
    internal const string NetworkKind = "network.kind";
    internal const string DataName = "data.name";
    internal const string Widths = "network.widths";
    internal const string DataSeed = "data.seed";
    internal const string Numerics = "numerics";
    internal const string Measures = "measures";
    internal const string Prune = "prune";
    internal const string NoiseSeed = "noise-seed";
    internal const string SecondSplit = "training.second-split";

    public static readonly IReadOnlyList<Setting> All =
    [
        new Setting<string>(DataName, null, "", "which data set", new DataSetForm(),
            all => all.Data.Name, (all, name) => all with { Data = all.Data with { Name = name } }),
        new Setting<int?>("data.train", null, "examples", "training examples: the first N in file order, or N drawn by data.seed",
            new OptionalForm<int>("all", new WholeForm(1, 10_000_000)),
            all => all.Data.Train, (all, count) => all with { Data = all.Data with { Train = count } }),
        new Setting<int?>("data.validation", null, "examples", "examples to score on: the first N of their part, or N drawn",
            new OptionalForm<int>("all", new WholeForm(1, 10_000_000)),
            all => all.Data.Validation, (all, count) => all with { Data = all.Data with { Validation = count } }),
        new Setting<string>(DataSeed, null, "", "which examples: the first ones, or so many drawn from their whole part by this seed, or by each trial's own",
            new DataSeedForm(), all => all.Data.Seed, (all, seed) => all with { Data = all.Data with { Seed = seed } }),
        new Setting<bool>("data.balanced", null, "", "take equally many training examples of each class", new FlagForm(),
            all => all.Data.Balanced, (all, on) => all with { Data = all.Data with { Balanced = on } }),
        new Setting<int>("data.pool", null, "pixels a side", "make images smaller: the mean of each square of pixels", new WholeForm(1, 16),
            all => all.Data.Pool, (all, side) => all with { Data = all.Data with { Pool = side } }),
        new Setting<string>("data.labels", "labels", "", "as they are, or every training example a class of its own",
            new WordForm(DataSettings.GivenLabels, DataSettings.UniqueLabels),
            all => all.Data.Labels, (all, labels) => all with { Data = all.Data with { Labels = labels } }),
        new Setting<string>("data.scaling", "scaling", "", "pixels from 0 to 1, or every channel with mean 0 and standard deviation 1",
            new WordForm(DataSettings.NoScaling, DataSettings.Standardized),
            all => all.Data.Scaling, (all, scaling) => all with { Data = all.Data with { Scaling = scaling } }),
        new Setting<string>("data.split", null, "", "which part is scored on", new WordForm("validation", "test"),
            all => all.Data.Split, (all, split) => all with { Data = all.Data with { Split = split } }),

        new Setting<string>(NetworkKind, "network", "", "mlp, cnn: the paper's small AlexNet, or sleep: a workload that only waits",
            new WordForm([.. Sweeps.NetworkKind.Kinds.Select(kind => kind.Name)]),
            all => all.Network.Kind, (all, kind) => all with { Network = all.Network with { Kind = kind } }),
        new Setting<int>("network.depth", "depth", "hidden layers", "hidden layers", new WholeForm(0, 64),
            all => all.Network.Depth, (all, depth) => all with { Network = all.Network with { Depth = depth } }),
        new Setting<int>("network.width", "capacity", "units per hidden layer", "units per hidden layer", new WholeForm(1, 65_536),
            all => all.Network.Width, (all, width) => all with { Network = all.Network with { Width = width } }),
        new Setting<string>(Widths, "widths", "units of each hidden layer", "mlp: units of each hidden layer, from the first, where they are not the same", new WidthsForm(),
            all => all.Network.Widths, (all, widths) => all with { Network = all.Network with { Widths = widths } }),
        new Setting<string>("network.init", "init", "", "mlp: where weights begin", new WordForm(NetworkSettings.TorchInit, NetworkSettings.GlorotInit),
            all => all.Network.Init, (all, init) => all with { Network = all.Network with { Init = init } }),
        new Setting<int>("network.filters", "filters", "filters per convolution", "cnn: filters of each convolution", new WholeForm(1, 4_096),
            all => all.Network.Filters, (all, filters) => all with { Network = all.Network with { Filters = filters } }),
        new Setting<double>("network.multiplier", "multiplier", "times all filters and units", "cnn: factor on all filters and units",
            new RealForm("a factor above 0, up to 100", factor => factor is > 0 and <= 100),
            all => all.Network.Multiplier, (all, factor) => all with { Network = all.Network with { Multiplier = factor } }),
        new Setting<string>("network.padding", "padding", "", "cnn: whether convolutions and pooling keep the size", new WordForm("same", "valid"),
            all => all.Network.Padding, (all, padding) => all with { Network = all.Network with { Padding = padding } }),
        new Setting<int>("network.pool-stride", "pool-stride", "pixels", "cnn: pixels from one pooling window to the next", new WholeForm(1, 3),
            all => all.Network.PoolStride, (all, stride) => all with { Network = all.Network with { PoolStride = stride } }),
        new Setting<bool>("network.batch-norm", "batch-norm", "", "cnn: batch normalization before every hidden ReLU", new FlagForm(),
            all => all.Network.BatchNorm, (all, on) => all with { Network = all.Network with { BatchNorm = on } }),
        new Setting<string>("network.regularized", "regularized", "", "cnn: the ReLUs behind which dropout and hidden noise act", new WordForm("dense", "all"),
            all => all.Network.Regularized, (all, on) => all with { Network = all.Network with { Regularized = on } }),
        new Setting<double>("network.seconds", "seconds", "s per trial", "how long a sleep trial waits in all",
            new RealForm("a number of seconds from 0 to 86,400", seconds => seconds is >= 0 and <= 86_400),
            all => all.Network.Seconds, (all, seconds) => all with { Network = all.Network with { Seconds = seconds } }),

        new Setting<int>("training.epochs", null, "epochs", "passes over the training set, at most", new WholeForm(1, 1_000_000),
            all => all.Training.Epochs, (all, epochs) => all with { Training = all.Training with { Epochs = epochs } }),
        new Setting<int>("training.batch", "batch", "examples per step", "examples in a minibatch", new WholeForm(1, 1_000_000),
            all => all.Training.Batch, (all, batch) => all with { Training = all.Training with { Batch = batch } }),
        new Setting<double>("training.rate", "rate", "learning rate", "learning rate of the first epoch",
            new RealForm("a learning rate above 0, up to 1,000", rate => rate is > 0 and <= 1000),
            all => all.Training.Rate, (all, rate) => all with { Training = all.Training with { Rate = rate } }),
        new Setting<Optimizer>("training.optimizer", "optimizer", "", "what turns gradients into steps", new OptimizerForm(),
            all => all.Training.Optimizer, (all, optimizer) => all with { Training = all.Training with { Optimizer = optimizer } }),
        new Setting<double>("training.momentum", "momentum", "", "heavy-ball momentum",
            new RealForm("a momentum from 0 to below 1", momentum => momentum is >= 0 and < 1),
            all => all.Training.Momentum, (all, momentum) => all with { Training = all.Training with { Momentum = momentum } }),
        new Setting<bool>("training.nesterov", "nesterov", "", "momentum in Nesterov's form", new FlagForm(),
            all => all.Training.Nesterov, (all, on) => all with { Training = all.Training with { Nesterov = on } }),
        new Setting<RateSchedule?>("training.schedule", "schedule", "", "how the learning rate falls", new ScheduleForm(),
            all => all.Training.Schedule, (all, schedule) => all with { Training = all.Training with { Schedule = schedule } }),
        new Setting<TrainingLoss>("training.loss", "loss", "", "what is minimized", new LossForm(),
            all => all.Training.Loss, (all, loss) => all with { Training = all.Training with { Loss = loss } }),
        new Setting<string>("training.sampling", "sampling", "", "every example once an epoch, or each minibatch drawn from all",
            new WordForm(TrainingSettings.EverySample, TrainingSettings.WithReplacement),
            all => all.Training.Sampling, (all, sampling) => all with { Training = all.Training with { Sampling = sampling } }),
        new Setting<SecondSplit?>(SecondSplit, "second-split", "", "train on one part of the examples, and from then on with the others only", new SecondSplitForm(),
            all => all.Training.SecondSplit, (all, split) => all with { Training = all.Training with { SecondSplit = split } }),
        new Setting<int?>("training.epoch-steps", null, "steps", "with replacement: steps that count as an epoch",
            new OptionalForm<int>("all", new WholeForm(1, 1_000_000)),
            all => all.Training.EpochSteps, (all, steps) => all with { Training = all.Training with { EpochSteps = steps } }),
        new Setting<double?>("training.stop-at-train-accuracy", null, "", "end after the first epoch that reaches this train accuracy",
            new OptionalForm<double>("none", new RealForm("a share above 0, up to 1", share => share is > 0 and <= 1)),
            all => all.Training.StopAtTrainAccuracy, (all, share) => all with { Training = all.Training with { StopAtTrainAccuracy = share } }),
        new Setting<double?>("training.stop-at-train-loss", null, "nats", "end after the first epoch whose train loss (cross-entropy) is at most this",
            new OptionalForm<double>("none", new RealForm("a number above 0", loss => loss is > 0 and < double.PositiveInfinity)),
            all => all.Training.StopAtTrainLoss, (all, loss) => all with { Training = all.Training with { StopAtTrainLoss = loss } }),

        new Setting<Noise>("noise", null, "", "how the training set is corrupted", new NoiseForm(),
            all => all.Noise, (all, noise) => all with { Noise = noise }),
        new Setting<ulong?>(NoiseSeed, null, "", "what the noise is drawn from, if not from each trial's own seed",
            new OptionalForm<ulong>("own", new SeedForm()),
            all => all.NoiseSeed, (all, seed) => all with { NoiseSeed = seed }),
        new Setting<Prune>(Prune, null, "", "training examples to leave out, by a score that other seeds compute first", new PruneForm(),
            all => all.Prune, (all, prune) => all with { Prune = prune }),
        new Setting<Regularizer>("regularizer", null, "", "what keeps the network from memorizing", new RegularizerForm(),
            all => all.Regularizer, (all, regularizer) => all with { Regularizer = regularizer }),

        .. MeasureKind.All.Select(MeasureSetting),

        new Setting<string>(Numerics, null, "", "instruction set that the arithmetic is pinned to",
            new WordForm(NumericsSettings.Avx2, NumericsSettings.Avx512, NumericsSettings.Native, NumericsSettings.Cuda),
            all => all.Numerics.InstructionSet, (all, set) => all with { Numerics = all.Numerics with { InstructionSet = set } }),
        new Setting<int>("threads", null, "threads", "threads inside one tensor operation", new WholeForm(1, 256),
            all => all.Numerics.Threads, (all, threads) => all with { Numerics = all.Numerics with { Threads = threads } }),
        new Setting<string>("precision", null, "", "floating-point type of the training", new WordForm("float32", "float64"),
            all => all.Numerics.Precision, (all, precision) => all with { Numerics = all.Numerics with { Precision = precision } }),
    ];

    /// <summary>No request is the default, and a plan without any is none: settings that measure nothing more are what they were.</summary>
    private static Setting<MeasureRequest?> MeasureSetting(MeasureKind kind) => new(
        $"{Measures}.{kind.Name}", null, "", kind.Meaning, new MeasureForm(kind),
        all => all.Measures is { } plan ? kind.Get(plan) : null,
        (all, asked) => kind.Put(all.Measures ?? new(), asked) is var plan && plan == new MeasurePlan() ? all with { Measures = null } : all with { Measures = plan });

    // A bare key (epochs for training.epochs) is understood as long as it names one setting only. 'seed' alone is a trial's, a column of results.
    private static readonly FrozenDictionary<string, Setting> ByName = All
        .SelectMany(setting => new[] { setting.Path, setting.Name }.Distinct().Select(name => (name, setting)))
        .Concat(All.Where(setting => setting.Path != DataSeed).GroupBy(setting => setting.Key).Where(group => group.Count() == 1).Select(group => (name: group.Key, setting: group.Single())))
        .DistinctBy(pair => pair.name)
        .ToFrozenDictionary(pair => pair.name, pair => pair.setting);

    /// <summary>Every name that a setting goes by: paths, aliases, and keys that name one setting only.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>The mappings of a sweep file that hold settings.</summary>
    internal static readonly IReadOnlyList<string> Sections = [.. All.Select(setting => setting.Section).Where(name => name.Length > 0).Distinct()];

    /// <param name="name">A path (<c>training.epochs</c>), an alias (<c>rate</c>) or a bare key (<c>epochs</c>).</param>
    public static Setting? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>
    /// The short canonical text of a value however it was written (<c>weight-decay 1e-3</c> → <c>weight-decay 0.001</c>), as results show it:
    /// for filters typed by people.
    /// </summary>
    /// <returns>Null when this is no value of the setting; why is then in <paramref name="problem"/>.</returns>
    public static string? Canonical(Setting setting, string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(setting);
        var problems = new ProblemList("", []);
        var value = setting.Read(SpecScalar.Of(text), setting.Name, problems);
        problem = problems.Count == 0 ? "" : problems.InOrder()[0].Sentence;
        return value?.Text;
    }

    /// <summary>Reads text that this program wrote.</summary>
    /// <exception cref="FormatException">It did not.</exception>
    internal static SettingValue ReadCanonical(Setting setting, string text)
    {
        var problems = new ProblemList("", []);
        return setting.Read(SpecScalar.Of(text), setting.Name, problems)
            ?? throw new FormatException($"'{text}' is no value of {setting.Path}: {problems.InOrder()[0].Sentence}");
    }
}
