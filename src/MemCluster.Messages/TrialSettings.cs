using System.Globalization;

namespace MemCluster.Messages;

/// <summary>
/// Everything that can change a number in a trial's result, and nothing else. A trial's cell is the digest of these settings.
/// A default here never changes its meaning: the canonical form leaves defaults out, so a changed default would change what old journals say.
/// </summary>
public sealed record TrialSettings
{
    public DataSettings Data { get; init; } = new();
    public NetworkSettings Network { get; init; } = new();
    public TrainingSettings Training { get; init; } = new();
    public Noise Noise { get; init; } = Noise.None;

    /// <summary>
    /// What the noise is drawn from; null: from <see cref="Seed"/>. With one for all seeds they train on the same corrupted examples, and differ in
    /// initial weights and order alone.
    /// </summary>
    public ulong? NoiseSeed { get; init; }

    /// <summary>Which training examples are left out.</summary>
    [LaterSetting]
    public Prune Prune { get; init; } = Prune.None;

    public Regularizer Regularizer { get; init; } = new();
    public NumericsSettings Numerics { get; init; } = new();

    /// <summary>Measures besides those of every epoch; null for none.</summary>
    public MeasurePlan? Measures { get; init; }

    /// <summary>The one number behind every draw of the trial: corruption, initial weights, order of examples, dropout masks.</summary>
    public ulong Seed { get; init; }
}

public sealed record DataSettings
{
    public const string GivenLabels = "given";
    public const string UniqueLabels = "unique";
    public const string NoScaling = "none";
    public const string Standardized = "standardized";
    public const string FirstInFile = "none";
    public const string PerSeed = "per-seed";

    /// <summary>A name of <see cref="DataCatalog"/>; empty only for a workload without data (sleep).</summary>
    public string Name { get; init; } = "";

    /// <summary>How many training examples: the first N in file order, unless <see cref="Seed"/> draws them. Null: all there are.</summary>
    public int? Train { get; init; }

    /// <summary>How many validation examples: the first N of the validation part, unless <see cref="Seed"/> draws them. Null: all there are.</summary>
    public int? Validation { get; init; }

    /// <summary>
    /// Which examples are taken where not all are. <c>none</c>: the first ones. A whole number: as many, drawn without replacement from the whole of their part, by
    /// that number; more of them hold those that fewer had. <c>per-seed</c>: drawn by the trial's own seed, so that an interval over seeds is over data too.
    /// </summary>
    [LaterSetting]
    public string Seed { get; init; } = FirstInFile;

    /// <summary>Take the first N/classes of each class instead of the first N (calibrated experiments need equal class counts).</summary>
    public bool Balanced { get; init; }

    /// <summary>Images are made smaller: each pixel is the mean of a square of so many by so many (the script behind Figs. 3 and 4 of the paper: 2).</summary>
    [LaterSetting]
    public int Pool { get; init; } = 1;

    /// <summary>
    /// <c>given</c>, or <c>unique</c>: every training example is a class of its own (Arpit et al. 2017, Fig. 3 right), and nothing is left to be scored on.
    /// </summary>
    [LaterSetting]
    public string Labels { get; init; } = GivenLabels;

    /// <summary>
    /// <c>none</c>: pixels from 0 to 1. <c>standardized</c>: every channel less its mean, over its standard deviation, both of the clean training images; after
    /// the noise. What is given in pixel units (CSR, adversarial training, input noise) means the same pixels.
    /// </summary>
    [LaterSetting]
    public string Scaling { get; init; } = NoScaling;

    /// <summary><c>validation</c>, or <c>test</c> to score on the test file instead.</summary>
    public string Split { get; init; } = "validation";

    /// <summary>The same examples, said without a trial: <c>per-seed</c> becomes the number that it stands for.</summary>
    /// <param name="seed">The trial's.</param>
    public DataSettings Of(ulong seed) => Seed == PerSeed ? this with { Seed = seed.ToString(CultureInfo.InvariantCulture) } : this;

    /// <summary>What examples are drawn by; null where the first ones are taken.</summary>
    /// <exception cref="InvalidOperationException">It is each trial's own: say of which, with <see cref="Of"/>.</exception>
    public ulong? DrawnBy() => Seed switch
    {
        FirstInFile => null,
        PerSeed => throw new InvalidOperationException("Which examples are drawn is said by a trial's seed, and none was given."),
        _ => ulong.Parse(Seed, CultureInfo.InvariantCulture),
    };
}

public sealed record NetworkSettings
{
    public const string Mlp = "mlp";
    public const string Cnn = "cnn";
    public const string Sleep = "sleep";
    public const string TorchInit = "torch";
    public const string GlorotInit = "glorot";
    public const string SameWidths = "same";

    /// <summary>Mlp only: units of each hidden layer, from the first.</summary>
    public IReadOnlyList<int> HiddenWidths() => Widths == SameWidths
        ? [.. Enumerable.Repeat(Width, Depth)]
        : [.. Widths.Split('-').Select(width => int.Parse(width, CultureInfo.InvariantCulture))];

    /// <summary>
    /// <c>mlp</c>, <c>cnn</c>: the small AlexNet of Arpit et al. 2017, or <c>sleep</c>: a workload that only waits, for trying out a deployment.
    /// </summary>
    public string Kind { get; init; } = Mlp;

    /// <summary>Mlp only: hidden layers, 0 to 64 (paper §2: 2).</summary>
    public int Depth { get; init; } = 2;

    /// <summary>Mlp only: capacity, units per hidden layer, 1 to 65,536.</summary>
    public int Width { get; init; } = 512;

    /// <summary>
    /// Mlp only: units of each hidden layer, joined by hyphens, as <c>512-256</c> (Feldman and Zhang 2020); then <see cref="Depth"/> and <see cref="Width"/> say nothing.
    /// <c>same</c>: all layers are as wide.
    /// </summary>
    [LaterSetting]
    public string Widths { get; init; } = SameWidths;

    /// <summary>
    /// Mlp only: where weights begin. <c>torch</c>: weights and biases U(±1/√fan-in), torch's own default. <c>glorot</c>: weights
    /// U(±√(6/(fan-in + fan-out))), biases 0 (Glorot and Bengio 2010), as in the Theano code of the paper's time; narrow networks learn sooner from it.
    /// </summary>
    [LaterSetting]
    public string Init { get; init; } = TorchInit;

    /// <summary>Cnn only: filters of each convolution, 1 to 4,096 (Arpit et al. 2017: 200; Zhang et al. 2017: 64).</summary>
    [LaterSetting]
    public int Filters { get; init; } = 200;

    /// <summary>Cnn only: capacity, a factor on the filters and on the 384 and 192 dense units; each is rounded, and at least 1.</summary>
    [LaterSetting]
    public double Multiplier { get; init; } = 1;

    /// <summary>
    /// Cnn only: <c>same</c>, zeros around images and maps so that only the pooling's stride makes them smaller (the papers are silent; Zhang's
    /// count of parameters says so), or <c>valid</c>.
    /// </summary>
    [LaterSetting]
    public string Padding { get; init; } = "same";

    /// <summary>Cnn only: pixels from one pooling window (3 × 3) to the next, 1 to 3.</summary>
    [LaterSetting]
    public int PoolStride { get; init; } = 2;

    /// <summary>Cnn only: batch normalization before every hidden ReLU.</summary>
    [LaterSetting]
    public bool BatchNorm { get; init; } = true;

    /// <summary>Cnn only: the ReLUs behind which dropout and hidden noise act: those of the <c>dense</c> layers (the paper is silent), or <c>all</c>.</summary>
    [LaterSetting]
    public string Regularized { get; init; } = "dense";

    /// <summary>Sleep only: how long the whole trial waits, in seconds, shared evenly among its epochs.</summary>
    public double Seconds { get; init; }
}

public sealed record TrainingSettings
{
    public const string EverySample = "epoch";
    public const string WithReplacement = "with-replacement";

    /// <summary>At most this many passes over the training set; they count from 1.</summary>
    public int Epochs { get; init; } = 100;

    /// <summary>Examples in a minibatch; the last, smaller one of an epoch is kept.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Learning rate of the first epoch (paper §2: 0.01).</summary>
    public double Rate { get; init; } = 0.01;

    /// <summary>What turns gradients into steps.</summary>
    [LaterSetting]
    public Optimizer Optimizer { get; init; } = Optimizer.Sgd;

    /// <summary>Heavy-ball momentum of sgd, 0 to below 1.</summary>
    public double Momentum { get; init; }

    /// <summary>Momentum in Nesterov's form: the step goes along gradient + momentum · velocity.</summary>
    [LaterSetting]
    public bool Nesterov { get; init; }

    /// <summary>How the rate falls; null: constant.</summary>
    public RateSchedule? Schedule { get; init; }

    /// <summary>What is minimized. Losses among the measures are cross-entropies whatever this is.</summary>
    [LaterSetting]
    public TrainingLoss Loss { get; init; } = TrainingLoss.CrossEntropy;

    /// <summary><c>epoch</c>: every example once an epoch, in a new order. <c>with-replacement</c>: every minibatch drawn from all (the paper's script).</summary>
    [LaterSetting]
    public string Sampling { get; init; } = EverySample;

    /// <summary>With replacement only: steps that count as an epoch; null: as many as it takes to draw as many examples as there are.</summary>
    public int? EpochSteps { get; init; }

    /// <summary>From when on others of the examples are trained on; null: all of them in every epoch.</summary>
    [LaterSetting]
    public SecondSplit? SecondSplit { get; init; }

    /// <summary>End the trial after the first epoch whose train accuracy (eval mode, given labels) reaches this share; null: train all epochs.</summary>
    public double? StopAtTrainAccuracy { get; init; }

    /// <summary>
    /// End the trial after the first epoch whose train loss (mean cross-entropy in nats, eval mode, given labels) is at most this, above 0; null: train all
    /// epochs. What is compared then, such as sharpness, is compared at equal loss.
    /// </summary>
    [LaterSetting]
    public double? StopAtTrainLoss { get; init; }
}

/// <summary>
/// How the learning rate falls, epochs counting from 1. <c>step</c>: rate · factor^⌊(epoch − 1) / every⌋. <c>at</c>: times factor after each of these
/// epochs. <c>inverse-sqrt</c>: rate / √(1 + ⌊(epoch − 1) / every⌋) (Nakkiran et al. 2019 count steps of 512 minibatches).
/// </summary>
/// <param name="Every">Epochs; 0 for <c>at</c>.</param>
/// <param name="Factor">0 for <c>inverse-sqrt</c>.</param>
/// <param name="At">For <c>at</c>: ascending epochs, joined by commas.</param>
public sealed record RateSchedule(int Every, double Factor, [property: LaterSetting(RateSchedule.Step)] string Kind = RateSchedule.Step, [property: LaterSetting("")] string At = "")
{
    public const string Step = "step";
    public const string After = "at";
    public const string InverseRoot = "inverse-sqrt";
}

public sealed record NumericsSettings
{
    public const string Avx2 = "avx2";
    public const string Avx512 = "avx512";
    public const string Native = "native";
    public const string Cuda = "cuda";

    /// <summary><c>avx2</c>, <c>avx512</c>: the instruction set is pinned before libtorch loads, so that machines agree, whoever made the processor.
    /// <c>native</c>: whatever the machine does.
    /// <c>cuda</c>: on a graphics card; only trainers that compute on one get such trials.</summary>
    public string InstructionSet { get; init; } = Avx2;

    /// <summary>Threads inside one tensor operation; they change the order of sums, hence the bits.</summary>
    public int Threads { get; init; } = 1;

    /// <summary><c>float32</c> or <c>float64</c>.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>
    /// The numbers' own version: TorchSharp, libtorch and a count of ours that grows whenever the training loop, a draw or the meaning of a measure changes bits.
    /// A sweep that was begun under another version is not continued without being told to.
    /// </summary>
    public const string Version = "torchsharp-0.107.0 libtorch-2.10.0 memcluster-3";
}
