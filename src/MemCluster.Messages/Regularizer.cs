namespace MemCluster.Messages;

/// <summary>Zero everywhere is no regularizer; several at once are a combination.</summary>
public sealed record Regularizer
{
    /// <summary>Rate of units dropped after every hidden ReLU in training, survivors rescaled by 1/(1 − rate); 0 to below 1.</summary>
    public double Dropout { get; init; }

    /// <summary>Rate of input values set to zero in training, not rescaled; 0 to below 1.</summary>
    public double InputDropout { get; init; }

    /// <summary>Standard deviation, in pixel units (images are in [0, 1]), of Gaussian noise added to the inputs in training.</summary>
    public double InputNoise { get; init; }

    /// <summary>Standard deviation of Gaussian noise added after every hidden ReLU in training.</summary>
    public double HiddenNoise { get; init; }

    /// <summary>λ of λ/2·‖w‖² in the loss: λ·w is added to the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary><c>weights</c>, or <c>all</c>: biases decay too.</summary>
    public string DecayOn { get; init; } = "weights";

    /// <summary>
    /// Weight w of adversarial examples, 0 to 1: the loss is (1 − w)·L(x) + w·L(x̂), with x̂ where the search for critical samples (LASS) ends that
    /// starts at x. The paper tries 0.2 to 0.7 and does not write its loss down; this is the one of Kurakin et al. 2016, whom it cites.
    /// </summary>
    [LaterSetting]
    public double Adversarial { get; init; }

    /// <summary>Half the side of the box that is searched around x, in 255ths (the paper's default for CSR).</summary>
    [LaterSetting]
    public double AdversarialRadius { get; init; } = 0.3;

    /// <summary>Length of the search's sign steps, in 255ths (the paper).</summary>
    [LaterSetting]
    public double AdversarialAlpha { get; init; } = 0.25;

    /// <summary>Standard deviation of the noise in a step of the search, in 255ths (the paper).</summary>
    [LaterSetting]
    public double AdversarialBeta { get; init; } = 0.2;

    /// <summary>Steps of the search, at most. The paper is silent; each costs about as much as a step of training.</summary>
    [LaterSetting]
    public double AdversarialIterations { get; init; } = 10;
}

/// <summary>
/// The word for a kind of regularizer: how it is written in a sweep file, and which number of <see cref="Regularizer"/> it sets. What it does
/// in training stands under the same name in Learning's <c>RegularizerKinds</c>; a test goes red when one of the two is missing.
/// </summary>
/// <param name="Parameter">Name of its one number in the full form.</param>
/// <param name="Expected">What the number must be, in words that follow "needs".</param>
/// <param name="Within">Whether a number is so; 0 always is, and means that the regularizer isn't there.</param>
/// <param name="Option">A further choice it has, or null.</param>
/// <param name="Numbers">Further numbers that it has; null for none.</param>
public sealed record RegularizerKind(
    string Name, string Parameter, string Expected, Func<double, bool> Within,
    Func<Regularizer, double> Get, Func<Regularizer, double, Regularizer> Put, RegularizerOption? Option = null,
    IReadOnlyList<RegularizerNumber>? Numbers = null)
{
    /// <summary>Passes through the network that a training step costs with it, a backward one counting as two.</summary>
    public int Passes { get; init; } = PlainPasses;

    /// <summary>Forward once, backward twice as dear.</summary>
    public const int PlainPasses = 3;

    private const string Rate = "a rate from 0 to below 1";
    private const string Deviation = "a standard deviation from 0 to 1,000";
    private const string Pixels = "a number from 0 to 255 (255ths of the pixel range)";

    /// <summary>In the order in which a combination is written.</summary>
    public static readonly IReadOnlyList<RegularizerKind> All =
    [
        new("dropout", "rate", Rate, IsRate, all => all.Dropout, (all, rate) => all with { Dropout = rate }),
        new("input-dropout", "rate", Rate, IsRate, all => all.InputDropout, (all, rate) => all with { InputDropout = rate }),
        new("input-noise", "sd", Deviation, UpTo1000, all => all.InputNoise, (all, sd) => all with { InputNoise = sd }),
        new("hidden-noise", "sd", Deviation, UpTo1000, all => all.HiddenNoise, (all, sd) => all with { HiddenNoise = sd }),
        new("weight-decay", "decay", "a decay from 0 to 1,000", UpTo1000, all => all.WeightDecay, (all, decay) => all with { WeightDecay = decay },
            new("decay-on", ["weights", "all"], all => all.DecayOn, (all, on) => all with { DecayOn = on })),
        new("adversarial", "weight", "a weight from 0 to 1", weight => weight is >= 0 and <= 1, all => all.Adversarial, (all, weight) => all with { Adversarial = weight },
            Numbers:
            [
                new("radius", 0.3, Pixels, UpTo255, all => all.AdversarialRadius, (all, radius) => all with { AdversarialRadius = radius }),
                new("alpha", 0.25, Pixels, UpTo255, all => all.AdversarialAlpha, (all, alpha) => all with { AdversarialAlpha = alpha }),
                new("beta", 0.2, Pixels, UpTo255, all => all.AdversarialBeta, (all, beta) => all with { AdversarialBeta = beta }),
                new("iterations", 10, "a whole number from 1 to 1,000", number => number is >= 1 and <= 1000 && number == Math.Floor(number),
                    all => all.AdversarialIterations, (all, number) => all with { AdversarialIterations = number }),
            ])
        {
            // The search goes forward and back about ten times, and its outcome is then trained on, too.
            Passes = 2 * PlainPasses + 10 * 2,
        },
    ];

    private static bool UpTo255(double number) => number is >= 0 and <= 255;

    private static bool IsRate(double number) => number is >= 0 and < 1;

    private static bool UpTo1000(double number) => number is >= 0 and <= 1000;
}

/// <param name="Choices">The first is the default.</param>
public sealed record RegularizerOption(
    string Name, IReadOnlyList<string> Choices, Func<Regularizer, string> Get, Func<Regularizer, string, Regularizer> Put);

/// <param name="Expected">What a value must be, in words that follow "is not".</param>
public sealed record RegularizerNumber(
    string Name, double Default, string Expected, Func<double, bool> Within, Func<Regularizer, double> Get, Func<Regularizer, double, Regularizer> Put);
