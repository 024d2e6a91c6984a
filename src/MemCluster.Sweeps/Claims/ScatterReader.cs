using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>Reads a figure of two scores of the same examples: <c>{ scatter: [curvature, memorization], where: { noise: none }, log: x }</c>.</summary>
internal static class ScatterReader
{
    public const string Key = "scatter";

    private static readonly string[] OfOthers = ["x", "y", "over", "series"];

    /// <returns>Null where it is none; why is then in the list, or what the sweep lacks in the axes.</returns>
    public static Figure.Scatter? Read(string name, SpecMapping mapping, ClaimAxes axes, ProblemList problems)
    {
        SpecNode? Get(string key) => mapping.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;
        foreach (var other in mapping.Entries.Where(entry => OfOthers.Contains(entry.Key.Text)))
        {
            problems.Add(other.Key.Place, $"a scatter names its two scores, the first for the x-axis, and may have panels; take {other.Key.Text} out");
            return null;
        }

        var scatter = Get(Key)!;
        if (Scores(scatter, problems) is not { } scores || FigureReader.Logs(mapping, problems) is not { } logs || !AreMeasured(scores, scatter, axes, problems))
        {
            return null;
        }

        var panels = Get("panels") is { } said ? axes.Points("panels", said) : null;
        if (Get("panels") is not null && panels is null)
        {
            return null;
        }

        // Read as the scores' correlation over the same runs, for its checks and for the caption.
        List<SpecEntry> group = [new(new(scatter.Place, "group", true, 0), SpecScalar.Of(scores.Name) with { Place = scatter.Place })];
        if (mapping.Entries.FirstOrDefault(entry => entry.Key.Text == "where") is { } where)
        {
            group.Add(where);
        }

        var (title, source) = FigureReader.Titles(name, mapping);
        return new TermReader(axes, problems).Read(new SpecMapping(scatter.Place, [.. group]), TermScope.Empty(axes.Count).With(panels), Key) is Term.Group runs
            ? new(name, title, source, scores, runs, panels, logs.Contains("x"), logs.Contains("y"))
            : null;
    }

    private static ScoreCorrelation? Scores(SpecNode node, ProblemList problems)
    {
        if (node is not SpecSequence { Items: [SpecScalar { IsNull: false } first, SpecScalar { IsNull: false } second] })
        {
            problems.Add(node.Place, $"{Key} names two scores of the examples, such as '{Key}: [curvature, memorization]'");
            return null;
        }

        foreach (var score in new[] { first, second }.Where(score => !ScoreCorrelation.Scores.Contains(score.Text)))
        {
            problems.Add(score.Place, $"unknown score {Phrases.Quoted(score.Text)}{Phrases.Instead(score.Text, ScoreCorrelation.Scores)}");
            return null;
        }

        if (first.Text != second.Text)
        {
            return new(first.Text, second.Text);
        }

        problems.Add(second.Place, $"{Key} names {Phrases.Quoted(first.Text)} twice; name two scores");
        return null;
    }

    /// <summary>A figure of what no trial measures would never be drawn, and nobody would know why.</summary>
    private static bool AreMeasured(ScoreCorrelation scores, SpecNode node, ClaimAxes axes, ProblemList problems)
    {
        if (scores.OfTrials.FirstOrDefault(score => !axes.Measures.Contains(MeasureKind.CorruptedAuroc(score))) is not { } missing)
        {
            return true;
        }

        problems.Add(node.Place, $"no trial of this sweep measures {missing}; add 'measures: {{ {MeasureKind.All.First(kind => kind.Examples.Contains(missing)).Name}: last }}'");
        return false;
    }
}
