using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>Reads the name of a measure, and when it counts: <c>last</c>, <c>best</c>, <c>5</c>, <c>max</c>, <c>plateau 5</c>, <c>first &gt;= 0.99</c>.</summary>
internal static class MeasureRefs
{
    private const string Expected = "last, best, an epoch such as 5, max, min, mean, 'plateau 5', 'first >= 0.99' or 'first <= 0.1'";

    /// <param name="own">Names of the numbers that the sweep's own measures give, final and by epoch.</param>
    public static MeasureRef? Read(SpecNode node, SpecNode? at, IReadOnlyList<string> own, ProblemList problems)
    {
        if (node is not SpecScalar { IsNull: false } name)
        {
            problems.Add(node.Place, "a measure is a word, such as validation_accuracy_best");
            return null;
        }

        if (at is null)
        {
            if (MeasureNames.Final.Contains(name.Text) || own.Contains(name.Text))
            {
                return new(name.Text, At.Final);
            }

            problems.Add(name.Place, MeasureNames.Epoch.Contains(name.Text)
                ? $"{name.Text} is measured after each epoch; say which counts, with 'at:' and {Expected}"
                : Unknown(name.Text, [.. MeasureNames.Final, .. MeasureNames.Epoch, .. own]));
            return null;
        }

        if (!MeasureNames.Epoch.Contains(name.Text) && !own.Contains(name.Text))
        {
            problems.Add(name.Place, MeasureNames.Final.Contains(name.Text)
                ? $"{name.Text} is one number per trial; take 'at' out"
                : Unknown(name.Text, [.. MeasureNames.Epoch, .. own]));
            return null;
        }

        if (at is SpecScalar word && Read(name.Text, word.Text.Trim()) is { } read)
        {
            return read;
        }

        problems.Add(at.Place, $"at {(at is SpecScalar wrong ? Phrases.Quoted(wrong.Text) : "here")} is not {Expected}");
        return null;
    }

    private static string Unknown(string name, IReadOnlyList<string> known) =>
        $"unknown measure {Phrases.Quoted(name)}{Phrases.Instead(name, known)}; more of them are asked for under 'measures:'";

    private static MeasureRef? Read(string measure, string at)
    {
        var parts = at.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["last"] => new(measure, At.Last),
            ["best"] => new(measure, At.Best),
            ["max"] => new(measure, At.Max),
            ["min"] => new(measure, At.Min),
            ["mean"] => new(measure, At.Mean),
            ["plateau", var count] when ShortNumber.TryReadWhole(count, out var epochs) && epochs is >= 1 and <= 1_000_000 => new(measure, At.Plateau, epochs),
            [var count] when ShortNumber.TryReadWhole(count, out var epoch) && epoch is >= 0 and <= 1_000_000 => new(measure, At.Epoch, epoch),
            ["first", ">=", var number] when ShortNumber.TryRead(number, out var least) => new(measure, At.FirstAtLeast, least),
            ["first", "<=", var number] when ShortNumber.TryRead(number, out var most) => new(measure, At.FirstAtMost, most),
            _ => null,
        };
    }
}

/// <summary>
/// Statistics over the per-example results of several trials together. They are named here, so that claims can be written; what computes
/// them is handed to <see cref="TermValues"/>, and a claim over one that nobody computes is undecided.
/// </summary>
public static class GroupMeasures
{
    public const string Overdispersion = "first_epoch_overdispersion";
    public const string BinomialKs = "first_epoch_binomial_ks_p";
    public const string DispersionTest = "first_epoch_dispersion_p";
    private const string Auroc = "corrupted_auroc_";

    private static readonly string[] Scores = [.. MeasureKind.All.SelectMany(kind => kind.Examples).Where(name => name != ExampleNames.Correct)];

    /// <summary>Name and meaning; of the examples' shares of runs that were right after the first epoch, unless said otherwise.</summary>
    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>
    {
        [Overdispersion] = "variance of the examples' P(correct) over the binomial one (Fig. 1)",
        [DispersionTest] = "p-value of that variance if examples differ by luck alone (Fisher's index of dispersion)",
        [BinomialKs] = "p-value of Kolmogorov–Smirnov's distance from the binomial distribution of the same mean, by simulation",
    }
    .Concat(CurveMeasures.Known)
    .Concat(EnsembleMeasure.All.Select(measure => KeyValuePair.Create(measure.Name, measure.Meaning)))
    .Concat(Scores.Select(score => KeyValuePair.Create(Auroc + score, $"how well {score}, averaged over training, tells corrupted labels: of the trials' own, or of the scores that they prune by")))
    .ToDictionary();

    /// <summary>It takes each example's results in all trials together, so all must have the same examples.</summary>
    public static bool NeedSameExamples(string name) => name is Overdispersion or BinomialKs or DispersionTest || EnsembleMeasure.Find(name) is not null || ScoreCorrelation.Find(name) is not null;

    /// <summary>The per-example score that such a measure is about; null for others.</summary>
    public static string? ScoreOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Auroc, StringComparison.Ordinal) && Scores.Contains(name[Auroc.Length..]) ? name[Auroc.Length..] : null;
    }

    internal static string? Read(SpecNode node, ProblemList problems)
    {
        if (node is SpecScalar name && (Known.ContainsKey(name.Text) || ScoreCorrelation.Find(name.Text) is not null))
        {
            return name.Text;
        }

        problems.Add(node.Place, node is SpecScalar wrong
            ? $"unknown group measure {Phrases.Quoted(wrong.Text)}{Phrases.Instead(wrong.Text, [.. Known.Keys, ScoreCorrelation.Form])}"
            : $"group is the name of a measure over several trials: {Phrases.Listed(Known.Keys)}");
        return null;
    }
}
