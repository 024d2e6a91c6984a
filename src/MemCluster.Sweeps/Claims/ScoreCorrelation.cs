using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>
/// How alike two scores order the training examples: Spearman's correlation over the examples, each score the mean over the trials of a selection. It is called
/// <c>spearman_curvature_with_memorization</c>; each of the two is a score of single trials, or what an ensemble says.
/// </summary>
/// <param name="First">A name of <see cref="Scores"/>.</param>
/// <param name="Second">Another.</param>
public sealed record ScoreCorrelation(string First, string Second)
{
    private const string Prefix = "spearman_";
    private const string Between = "_with_";

    private static readonly IReadOnlyDictionary<string, EnsembleScore> Ensembles = new Dictionary<string, EnsembleScore>
    {
        ["memorization"] = EnsembleScore.Memorization,
        ["c_score"] = EnsembleScore.CScore,
    };

    /// <summary>What can be correlated.</summary>
    public static readonly IReadOnlyList<string> Scores =
        [.. MeasureKind.All.SelectMany(kind => kind.Examples).Where(name => name != ExampleNames.Correct).Concat(Ensembles.Keys)];

    /// <summary>How it is written, for messages.</summary>
    public const string Form = Prefix + "SCORE" + Between + "SCORE";

    /// <summary>What it is called in claims.</summary>
    public string Name => Prefix + First + Between + Second;

    /// <summary>Those of the two that single trials have.</summary>
    public IReadOnlyList<string> OfTrials => [.. new[] { First, Second }.Where(score => !Ensembles.ContainsKey(score))];

    /// <summary>Whether networks must say something of examples that they were not trained on.</summary>
    public bool NeedsHeldOut => OfTrials.Count < 2;

    /// <returns>Null: it is a score of single trials.</returns>
    public static EnsembleScore? EnsembleOf(string score) => Ensembles.TryGetValue(score, out var found) ? found : null;

    /// <summary>Null if no correlation is called so.</summary>
    public static ScoreCorrelation? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name[Prefix.Length..].Split(Between) is [var first, var second]
            && Scores.Contains(first) && Scores.Contains(second) && first != second
            ? new(first, second)
            : null;
    }
}
