namespace MemCluster.Sweeps.Claims;

/// <summary>What an ensemble of networks, each trained on a random part of the examples, says of single examples.</summary>
public enum EnsembleScore
{
    /// <summary>Of a training example: how much more often it comes out right where it was trained on (Feldman and Zhang 2020).</summary>
    Memorization,

    /// <summary>Of a training example: how often it comes out right where it was left out, mean over the shares left out (Jiang et al. 2021).</summary>
    CScore,

    /// <summary>Of a validation example: 1 if some memorized training example makes it come out right more often, else 0.</summary>
    Influenced,
}

/// <summary>What is said of the scores of all examples; corrupted are those that are wrong (<see cref="Messages.MislabelledExamples"/>).</summary>
public enum EnsembleSummary
{
    Mean,
    CorruptedMean,
    CleanMean,

    /// <summary>Share of the examples at .25 or more.</summary>
    ShareHigh,

    /// <summary>How well the score tells the corrupted examples from the others.</summary>
    CorruptedAuroc,
}

/// <summary>A measure over the networks of an ensemble together, from what each says with <c>held-out</c>.</summary>
public sealed record EnsembleMeasure(string Name, EnsembleScore Score, EnsembleSummary Summary, string Meaning)
{
    public static readonly IReadOnlyList<EnsembleMeasure> All =
    [
        new("memorization_mean", EnsembleScore.Memorization, EnsembleSummary.Mean, "mean memorization: how much more often examples come out right where they were trained on"),
        new("memorization_corrupted_mean", EnsembleScore.Memorization, EnsembleSummary.CorruptedMean, "mean memorization of the wrong examples"),
        new("memorization_clean_mean", EnsembleScore.Memorization, EnsembleSummary.CleanMean, "mean memorization of the others"),
        new("memorization_share", EnsembleScore.Memorization, EnsembleSummary.ShareHigh, "share of the examples with a memorization of .25 or more"),
        new("memorization_corrupted_auroc", EnsembleScore.Memorization, EnsembleSummary.CorruptedAuroc, "how well memorization tells the wrong examples"),
        new("influence_share", EnsembleScore.Influenced, EnsembleSummary.Mean, "share of the validation examples that some memorized training example makes right more often, by .15 or more and for certain"),
        new("c_score_mean", EnsembleScore.CScore, EnsembleSummary.Mean, "mean C-score: how often examples come out right where they were left out"),
        new("c_score_corrupted_mean", EnsembleScore.CScore, EnsembleSummary.CorruptedMean, "mean C-score of the wrong examples"),
        new("c_score_clean_mean", EnsembleScore.CScore, EnsembleSummary.CleanMean, "mean C-score of the others"),
        new("c_score_corrupted_auroc", EnsembleScore.CScore, EnsembleSummary.CorruptedAuroc, "how well a small C-score tells the wrong examples"),
    ];

    /// <summary>Null if no measure of an ensemble is called so.</summary>
    public static EnsembleMeasure? Find(string name) => All.FirstOrDefault(measure => measure.Name == name);

    /// <param name="node">What stands under <c>through</c>: trials that leave out several shares of the examples may count together. Null for nothing.</param>
    /// <returns>False where this can't be; why is then in the list, or what the sweep lacks in the axes.</returns>
    internal bool Read(SpecNode? node, ClaimAxes axes, ProblemList problems, out Points? through)
    {
        through = null;
        if (node is null)
        {
            return true;
        }

        if (Score != EnsembleScore.CScore)
        {
            problems.Add(node.Place, $"{Name} is of parts of one size; take '{CurveMeasures.Key}' out, and say with 'where: {{ {SettingsSchema.Prune}: … }}' of which");
            return false;
        }

        through = axes.Points(CurveMeasures.Key, node);
        if (through is not null && axes[through.Axis].Setting.Path != SettingsSchema.Prune)
        {
            problems.Add(node.Place, $"{Name} takes trials together that leave out several shares of the examples; write '{CurveMeasures.Key}: {SettingsSchema.Prune}'");
            return false;
        }

        return through is not null;
    }
}
