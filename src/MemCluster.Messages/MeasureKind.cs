using System.Globalization;

namespace MemCluster.Messages;

/// <summary>How a constant of a measure is written.</summary>
public enum ConstantForm
{
    Whole,
    Real,

    /// <summary>Several numbers: <c>[0.3, 1]</c>, in short <c>0.3,1</c>.</summary>
    Reals,
    Word,
}

/// <summary>A number or word that a measure depends on.</summary>
/// <param name="Default">Canonical text.</param>
/// <param name="Expected">What a value must be, in words that follow "is not".</param>
/// <param name="Within">Whether a number is so; for a word, null.</param>
/// <param name="Choices">The words there are; empty for a number.</param>
public sealed record MeasureConstant(
    string Name, ConstantForm Form, string Default, string Expected, Func<double, bool>? Within, IReadOnlyList<string> Choices, string Meaning)
{
    public static MeasureConstant Whole(string name, int standard, int least, int most, string meaning) => new(
        name, ConstantForm.Whole, standard.ToString(CultureInfo.InvariantCulture), $"a whole number from {least} to {most:N0}",
        number => number >= least && number <= most, [], meaning);

    public static MeasureConstant Real(string name, string standard, double above, double most, string meaning) => new(
        name, ConstantForm.Real, standard, string.Create(CultureInfo.InvariantCulture, $"a number from {above} to {most}"),
        number => number >= above && number <= most, [], meaning);

    public static MeasureConstant Word(string name, string meaning, params string[] choices) => new(
        name, ConstantForm.Word, choices[0], $"one of {string.Join(", ", choices)}", null, choices, meaning);
}

/// <summary>
/// The word for a measure: how it is written under <c>measures:</c>, and what columns it fills. How it is computed stands under the same name in
/// Learning's <c>MeasureDeeds</c>; a test goes red when one of the two is missing.
/// </summary>
/// <param name="Numbers">Names of the numbers that it gives under these constants, in order: rows of measures.csv and columns of trials.csv.</param>
/// <param name="Examples">Names of the arrays that it gives, with a number for each training example.</param>
public sealed record MeasureKind(
    string Name, string Meaning, IReadOnlyList<MeasureConstant> Constants, Func<MeasureRequest, IReadOnlyList<string>> Numbers,
    IReadOnlyList<string> Examples, Func<MeasurePlan, MeasureRequest?> Get, Func<MeasurePlan, MeasureRequest?, MeasurePlan> Put)
{
    public static readonly IReadOnlyList<MeasureKind> All =
    [
        new("norms", "2-norms of the parameters, and of the gradient of the training loss", [], _ => ["parameter_norm", "gradient_norm"], [],
            plan => plan.Norms, (plan, asked) => plan with { Norms = asked })
        {
            Cost = asked => asked.Times * 3 * asked.Train,
        },
        new("train-mode", "accuracy and loss on the training set as training sees it: regularizers at work, batches normalized by themselves", [],
            _ => ["train_mode_accuracy", "train_mode_loss"], [], plan => plan.TrainMode, (plan, asked) => plan with { TrainMode = asked })
        {
            Cost = OncePerExample,
        },
        new("sharpness", "largest absolute eigenvalue of the training loss's Hessian",
            [
                MeasureConstant.Whole("iterations", 50, 1, 10_000, "power steps"),
                MeasureConstant.Whole("examples", 1000, 1, 10_000_000, "the first so many training examples"),
                MeasureConstant.Whole("trace-probes", 0, 0, 10_000, "random directions for the trace; 0: no trace"),
            ],
            asked => asked.Constant("trace-probes") is null ? ["sharpness"] : ["sharpness", "hessian_trace"], [],
            plan => plan.Sharpness, (plan, asked) => plan with { Sharpness = asked })
        {
            Cost = asked => asked.Times * 8 * (asked.Number("iterations") + asked.Number("trace-probes")) * Math.Min(asked.Number("examples"), asked.Train),
        },
        new("csr", "critical sample ratio: share of examples with another prediction close by, found by LASS",
            [
                new("radii", ConstantForm.Reals, "0.3", "numbers from 0 to 255, such as [0.3, 1]", radius => radius is >= 0 and <= 255, [], "sizes of the box, in 255ths"),
                MeasureConstant.Word("on", "which examples", "validation", "train", "both"),
                MeasureConstant.Whole("examples", 1000, 1, 10_000_000, "the first so many of them"),
                MeasureConstant.Real("alpha", "0.25", 0, 255, "length of a sign step, in 255ths"),
                MeasureConstant.Real("beta", "0.2", 0, 255, "standard deviation of a step's noise, in 255ths"),
                MeasureConstant.Whole("iterations", 100, 1, 100_000, "steps at most"),
                MeasureConstant.Whole("stop-below", 0, 0, 1_000_000, "0: each example stops alone; else all, where a step finds fewer new critical ones (the author's code: 20)"),
            ],
            CsrNames, [], plan => plan.Csr, (plan, asked) => plan with { Csr = asked })
        {
            Cost = asked => asked.Times * 3 * asked.Number("iterations") * asked.Word("radii").Split(',').Length * Searched(asked),
            Needs = asked => asked.Constant("on") == "train" ? MeasureNeeds.None : MeasureNeeds.Validation,
            Otherwise = "write 'on: train', or leave it out",
        },
        new("loss-sensitivity", "the paper's: how much losses late in training depend on each training input, through all updates",
            [
                MeasureConstant.Whole("window", 500, 1, 10_000_000, "losses are taken in the last so many steps"),
                MeasureConstant.Whole("thin", 10, 1, 10_000_000, "at every so many of these steps"),
                MeasureConstant.Word("loss", "the loss of the step's minibatch, or of all examples", "minibatch", "all"),
                MeasureConstant.Word("direct", "whether an example's own place in the loss counts", "cut", "kept"),
                MeasureConstant.Whole("columns", 50, 1, 10_000, "losses in one sweep; more memory, fewer sweeps"),
            ],
            _ => ["loss_sensitivity_gini", "loss_sensitivity_gini_l2", "loss_sensitivity_gini_max", "loss_sensitivity_mean"], ["loss_sensitivity"],
            plan => plan.LossSensitivity, (plan, asked) => plan with { LossSensitivity = asked })
        {
            // Back through every step so far, each with one product of the Hessian for every loss.
            Cost = asked => asked.Due.Sum(epoch => Math.Min(asked.Number("window"), epoch * asked.Steps) / asked.Number("thin") * epoch) * asked.Steps * asked.Batch * 14,
            Needs = _ => MeasureNeeds.PlainDescent,
        },
        new("class-sensitivity", "loss-sensitivity by class of the loss and class of the training example",
            [
                MeasureConstant.Whole("examples", 256, 1, 10_000_000, "losses of the first so many training examples"),
                MeasureConstant.Word("direct", "whether an example's own place in the loss counts", "kept", "cut"),
                MeasureConstant.Whole("columns", 50, 1, 10_000, "losses in one sweep; more memory, fewer sweeps"),
            ],
            _ => ["class_sensitivity_diagonal", "class_sensitivity_off", "class_sensitivity_diagonal_to_off", "class_sensitivity_off_share", "class_sensitivity_log_sd"], [],
            plan => plan.ClassSensitivity, (plan, asked) => plan with { ClassSensitivity = asked })
        {
            // Back through every step so far, each with one product of the Hessian for every loss.
            Cost = asked => asked.Due.Sum(epoch => (double)epoch) * (Math.Min(asked.Number("examples"), asked.Train) + asked.Classes) * asked.Steps * asked.Batch * 14,
            Needs = _ => MeasureNeeds.Classes | MeasureNeeds.PlainDescent | MeasureNeeds.SingleLosses,
        },
        new("input-gradient", "norm of the derivative of an example's own loss in its input, at fixed weights",
            [MeasureConstant.Word("norm", "which norm", "l2", "l1", "max")], _ => ["input_gradient_mean", "input_gradient_gini"], ["input_gradient"],
            plan => plan.InputGradient, (plan, asked) => plan with { InputGradient = asked })
        {
            Cost = asked => asked.Times * 3 * asked.Train,
        },
        new("learning", "which examples are right at each epoch; at the last: forgetting, when learned, AUM, cumulative loss, confidence and its deviation over the epochs measured",
            [], _ => ["unforgettable_share"], ["correct", .. LearningScores], plan => plan.Learning, (plan, asked) => plan with { Learning = asked })
        {
            Cost = OncePerExample,
        },
        new("loss", "each training example's cross-entropy", [], _ => [], ["loss"], plan => plan.Loss, (plan, asked) => plan with { Loss = asked })
        {
            Cost = OncePerExample,
        },
        new("el2n", "EL2N: the 2-norm of p − y", [], _ => ["el2n_mean"], ["el2n"], plan => plan.El2n, (plan, asked) => plan with { El2n = asked })
        {
            Cost = OncePerExample,
        },
        new("grand", "GraNd: the 2-norm of an example's own gradient", [], _ => ["grand_mean"], ["grand"],
            plan => plan.Grand, (plan, asked) => plan with { Grand = asked })
        {
            Cost = asked => asked.Times * 4 * asked.Train,
        },
        new("curvature", "input-loss curvature", [MeasureConstant.Whole("probes", 10, 1, 10_000, "random directions per example")], _ => ["curvature_mean"], ["curvature"],
            plan => plan.Curvature, (plan, asked) => plan with { Curvature = asked })
        {
            Cost = asked => asked.Times * 6 * asked.Number("probes") * asked.Train,
        },
        new("membership", "AUROC of telling training from validation examples by their loss", [], _ => ["membership_auroc"], [],
            plan => plan.Membership, (plan, asked) => plan with { Membership = asked })
        {
            Cost = OfBothSets,
            Needs = _ => MeasureNeeds.Validation,
        },
        new("held-out", "which of all training examples come out right, those that prune left out too, and which validation examples: what memorization, influence and C-score are made of",
            [], _ => [KeptAccuracy, LeftOutAccuracy], [], plan => plan.HeldOut, (plan, asked) => plan with { HeldOut = asked })
        {
            Others = [ExampleNames.CorrectAll, ExampleNames.CorrectValidation],
            Cost = OfBothSets,
        },
        new("input-norm", "2-norm of each training input: no network's score, so what a score that is worth something has to beat", [], _ => [], ["input_norm"],
            plan => plan.InputNorm, (plan, asked) => plan with { InputNorm = asked })
        {
            Cost = _ => 0,
        },
        new("second-split", "of the examples of the first split: since when they were learned, and how soon forgotten when training goes on with the others",
            [], _ => [FirstSplitLearnedShare, ForgottenShare, ForgottenCleanShare, ForgottenCorruptedShare, ForgottenLateShare], [FirstSplitLearned, SecondSplitForgetting],
            plan => plan.SecondSplit, (plan, asked) => plan with { SecondSplit = asked })
        {
            Cost = OncePerExample,
            Needs = _ => MeasureNeeds.SecondSplit,
        },
        new("prediction-depth", "the layer from which on the nearest neighbours of an example say what the network says",
            [MeasureConstant.Whole("k", 30, 1, 10_000, "neighbours that are asked")],
            _ => ["prediction_depth_mean", "prediction_depth_validation_mean", "prediction_depth_validation_right_mean", "prediction_depth_validation_wrong_mean"], ["prediction_depth"],
            plan => plan.PredictionDepth, (plan, asked) => plan with { PredictionDepth = asked })
        {
            // A forward pass for each layer, and a distance to every training example.
            Cost = asked => asked.Times * (asked.Train + asked.Validation) * (4 + asked.Train / 100),
        },
    ];

    /// <summary>Of <c>second-split</c>: the share of the first split that is right when training goes on with the second.</summary>
    public const string FirstSplitLearnedShare = "first_split_learned_share";

    /// <summary>Of those, the share that is wrong at the end.</summary>
    public const string ForgottenShare = "second_split_forgotten_share";

    /// <summary>The same of examples with the right label.</summary>
    public const string ForgottenCleanShare = "second_split_forgotten_clean_share";

    /// <summary>Of wrong examples.</summary>
    public const string ForgottenCorruptedShare = "second_split_forgotten_corrupted_share";

    /// <summary>Of those with the right label, of the tenth that was learned last.</summary>
    public const string ForgottenLateShare = "second_split_forgotten_late_share";

    private const string FirstSplitLearned = "first_split_learned";
    private const string SecondSplitForgetting = "second_split_forgetting";

    /// <summary>Of <c>held-out</c>: the share of the examples trained on that come out right.</summary>
    public const string KeptAccuracy = "kept_accuracy";

    /// <summary>The same of those that <c>prune</c> left out; not defined where it leaves out none.</summary>
    public const string LeftOutAccuracy = "left_out_accuracy";

    /// <summary>How often an example goes forward through the network for it; timed on small dense networks. A search that ends early costs less.</summary>
    public required Func<AskedMeasure, double> Cost { get; init; }

    /// <summary>What it can't be taken without, under these constants.</summary>
    public Func<MeasureRequest, MeasureNeeds> Needs { get; init; } = _ => MeasureNeeds.None;

    /// <summary>What to do where classes or validation examples are missing, in words that follow a semicolon.</summary>
    public string Otherwise { get; init; } = "leave it out";

    /// <summary>Names of arrays whose entries are not those of the examples trained on.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>What <c>learning</c> knows at the end, in the order of <c>LearningTally</c>.</summary>
    public static IReadOnlyList<string> LearningScores => ["forgetting", "first_learned", "learned_for_good", "aum", "cumulative_loss", "confidence", "variability"];

    /// <summary>Scores that are small where an example was learned badly; all others are large there.</summary>
    public static IReadOnlyList<string> SmallMeansHard => ["aum", "confidence", SecondSplitForgetting];

    /// <summary>Scores in which infinity says "never", and is no fault.</summary>
    public static IReadOnlyList<string> MayBeNever => ["first_learned", "learned_for_good", FirstSplitLearned, SecondSplitForgetting];

    /// <summary>Scores that some training examples have, and the others not: NaN says so there, and is no fault.</summary>
    public static IReadOnlyList<string> OfSomeExamples => [FirstSplitLearned, SecondSplitForgetting];

    /// <summary>Every number that this plan gives: those of the measures, and for each per-example score how well it finds corrupted examples.</summary>
    public static IReadOnlyList<string> NumbersOf(MeasurePlan? plan) => plan is null ? [] :
    [
        .. All.Where(kind => kind.Get(plan) is not null).SelectMany(kind =>
            kind.Numbers(kind.Get(plan)!).Concat(kind.Examples.Where(name => name != ExampleNames.Correct).Select(CorruptedAuroc))),
    ];

    /// <summary>The number that says how well a per-example score finds the corrupted examples: 0.5 not at all, 1 perfectly.</summary>
    public static string CorruptedAuroc(string score) => score + "_corrupted_auroc";

    /// <summary>The number that <c>csr</c> gives.</summary>
    /// <param name="on">Which examples.</param>
    /// <param name="radius">As it is written in the request.</param>
    public static string CsrName(string on, string radius) => $"csr_{on}_r{radius}";

    /// <summary>A constant as the request has it, else its default.</summary>
    public string Word(MeasureRequest request, string name) => request.Constant(name) ?? Constants.First(constant => constant.Name == name).Default;

    private static string[] CsrNames(MeasureRequest asked) =>
    [
        .. (asked.Constant("on") switch { "both" => (string[])["validation", "train"], { } on => [on], null => ["validation"] })
            .SelectMany(on => (asked.Constant("radii") ?? "0.3").Split(',').Select(radius => CsrName(on, radius))),
    ];

    private static double OncePerExample(AskedMeasure asked) => asked.Times * asked.Train;

    private static double OfBothSets(AskedMeasure asked) => asked.Times * (asked.Train + asked.Validation);

    private static double Searched(AskedMeasure asked)
    {
        var (validation, train) = (Math.Min(asked.Number("examples"), asked.Validation), Math.Min(asked.Number("examples"), asked.Train));
        return asked.Word("on") switch { "both" => validation + train, "train" => train, _ => validation };
    }
}
