using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>A figure of a sweep's report: what is drawn over what.</summary>
/// <param name="Series">A line for each of these values; null for one line.</param>
/// <param name="Panels">A panel for each of these values; null for one panel.</param>
public abstract record Figure(string Name, string Title, string Source, Points? Series, Points? Panels, bool LogX, bool LogY)
{
    /// <summary>A number over the values of an axis.</summary>
    public sealed record Lines(string Name, string Title, string Source, Points X, Term Y, Points? Series, Points? Panels, bool LogX, bool LogY)
        : Figure(Name, Title, Source, Series, Panels, LogX, LogY);

    /// <summary>A measure after each epoch.</summary>
    /// <param name="Places">By axis, the place of its value; −1 for series and panels.</param>
    public sealed record Curves(string Name, string Title, string Source, string Measure, ImmutableArray<int> Places, Points? Series, Points? Panels, bool LogX, bool LogY)
        : Figure(Name, Title, Source, Series, Panels, LogX, LogY);

    /// <summary>Every training example's share of runs in which it was right after the first epoch, from the least to the most (paper Fig. 1).</summary>
    /// <param name="Runs">The trials, all seeds of a selection.</param>
    public sealed record Examples(string Name, string Title, string Source, Term.Group Runs, Points? Series, Points? Panels)
        : Figure(Name, Title, Source, Series, Panels, false, false);

    /// <summary>One number over another, a point for each value of an axis; a series for each kind among them (paper Fig. 10).</summary>
    public sealed record Envelope(string Name, string Title, string Source, Points Over, Term X, Term Y)
        : Figure(Name, Title, Source, null, null, false, false);

    /// <summary>Two scores of the training examples, one over the other: how many examples lie where.</summary>
    /// <param name="Scores">The first is the x-axis.</param>
    /// <param name="Runs">The trials, all seeds of a selection, as for the scores' correlation.</param>
    public sealed record Scatter(string Name, string Title, string Source, ScoreCorrelation Scores, Term.Group Runs, Points? Panels, bool LogX, bool LogY)
        : Figure(Name, Title, Source, null, Panels, LogX, LogY);

    /// <summary>Names of the measures over several trials that it is made of.</summary>
    public IEnumerable<string> Groups => this switch
    {
        Lines lines => lines.Y.Groups,
        Examples examples => examples.Runs.Groups,
        Scatter scatter => scatter.Runs.Groups,
        _ => [],
    };
}

public sealed record FiguresRead(ImmutableArray<Figure> Figures, ImmutableArray<SetAside> Aside);

/// <summary>Reads the <c>figures:</c> of a sweep file.</summary>
internal static class FigureReader
{
    private const string FirstEpochCorrect = "first_epoch_correct";

    private static readonly string[] Keys = ["title", "source", "x", "y", "over", ScatterReader.Key, "series", "panels", "log", "where"];

    public static FiguresRead Read(SpecNode? node, IReadOnlyList<ClaimAxis> axes, IReadOnlyList<string> measures, ProblemList problems)
    {
        var figures = ImmutableArray.CreateBuilder<Figure>();
        var aside = ImmutableArray.CreateBuilder<SetAside>();
        if (node is not (null or SpecMapping or SpecScalar { IsNull: true }))
        {
            problems.Add(node.Place, "figures is a mapping from names to figures, such as 'fig5: { x: capacity, y: validation_accuracy_best, series: noise }'");
        }

        var found = new ClaimAxes(axes, measures, problems);
        foreach (var (key, value) in (node as SpecMapping)?.Entries ?? [])
        {
            if (value is SpecScalar { IsNull: true } or SpecScalar { Text: "none" })
            {
                continue;
            }

            found.Forget();
            if (One(key, value, found, problems) is { } figure)
            {
                figures.Add(figure);
            }
            else if (found.Lacks is { } lacks)
            {
                aside.Add(new(key.Text, lacks));
            }
        }

        return new(figures.ToImmutable(), aside.ToImmutable());
    }

    private static Figure? One(SpecScalar name, SpecNode node, ClaimAxes axes, ProblemList problems)
    {
        if (!SweepId.IsValid(name.Text) || node is not SpecMapping mapping)
        {
            problems.Add(name.Place, "a figure has a name of lower-case letters, digits and hyphens, and is a mapping with x and y");
            return null;
        }

        foreach (var entry in mapping.Entries.Where(entry => !Keys.Contains(entry.Key.Text)))
        {
            problems.Add(entry.Key.Place, $"unknown key {Phrases.Quoted(entry.Key.Text)} of a figure{Phrases.Instead(entry.Key.Text, Keys)}");
        }

        SpecNode? Get(string key) => mapping.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;
        if (Get(ScatterReader.Key) is not null)
        {
            return ScatterReader.Read(name.Text, mapping, axes, problems);
        }

        if (Get("y") is not { } y || (Get("x") ?? Get("over")) is not { } x)
        {
            problems.Add(mapping.Place, "a figure needs x and y, such as 'x: capacity' (an axis, epoch or examples) and 'y: validation_accuracy_best'");
            return null;
        }

        var (series, panels) = (Optional("series"), Optional("panels"));
        if ((Get("series") is not null && series is null) || (Get("panels") is not null && panels is null))
        {
            return null;
        }

        if (Logs(mapping, problems) is not { } logs)
        {
            return null;
        }

        // A 'where' beside x and y holds for both.
        var terms = new TermReader(axes, problems);
        var scope = TermScope.Empty(axes.Count).With(series, panels);
        SpecNode Inside(SpecNode term) => Get("where") is not { } where ? term
            : new SpecMapping(term.Place, [new(new(where.Place, "of", true, 0), term), new(new(where.Place, "where", true, 0), where)]);
        var (title, source) = Titles(name.Text, mapping);
        if (Get("over") is { } over)
        {
            return axes.Points("over", over) is { } points && terms.Read(Inside(x), scope.With(points), "x") is { } xTerm
                && terms.Read(Inside(y), scope.With(points), "y") is { } yTerm
                ? new Figure.Envelope(name.Text, title, source, points, xTerm, yTerm) : null;
        }

        if (x is SpecScalar { Text: "epoch" })
        {
            // Read as the last epoch's value, for its checks; the curve has all of them.
            return y is SpecScalar { IsNull: false } measure
                && terms.Read(Inside(new SpecMapping(y.Place, [new(new(y.Place, "measure", true, 0), y), new(new(y.Place, "at", true, 0), SpecScalar.Of("last") with { Place = y.Place })])), scope, "y") is Term.Leaf leaf
                ? new Figure.Curves(name.Text, title, source, measure.Text, leaf.Places, series, panels, logs.Contains("x"), logs.Contains("y")) : null;
        }

        if (x is SpecScalar { Text: "examples" })
        {
            if (y is not SpecScalar { Text: FirstEpochCorrect })
            {
                problems.Add(y.Place, $"over the examples a figure can draw '{FirstEpochCorrect}': in which share of the runs each was right after the first epoch");
                return null;
            }

            // Read as a measure over the same runs, for its checks.
            var runs = new SpecMapping(y.Place, [new(new(y.Place, "group", true, 0), SpecScalar.Of(GroupMeasures.Overdispersion) with { Place = y.Place })]);
            return terms.Read(Inside(runs), scope, "y") is Term.Group all ? new Figure.Examples(name.Text, title, source, all, series, panels) : null;
        }

        return axes.Points("x", x) is { } along && terms.Read(Inside(y), scope.With(along), "y") is { } term
            ? new Figure.Lines(name.Text, title, source, along, term, series, panels, logs.Contains("x"), logs.Contains("y")) : null;

        Points? Optional(string key) => Get(key) is { } said ? axes.Points(key, said) : null;
    }

    /// <summary>What it is called, and what it is to be compared with.</summary>
    internal static (string Title, string Source) Titles(string name, SpecMapping mapping)
    {
        string Text(string key) => mapping.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value is SpecScalar { IsNull: false } scalar ? scalar.Text.Trim() : "";
        return (Text("title") is { Length: > 0 } given ? given : name, Text("source"));
    }

    /// <summary>Which of x and y have a logarithmic scale; null for another word, which is then in the list.</summary>
    internal static string[]? Logs(SpecMapping mapping, ProblemList problems)
    {
        var node = mapping.Entries.FirstOrDefault(entry => entry.Key.Text == "log")?.Value;
        string[] logs = node switch
        {
            SpecScalar { IsNull: false } one => [one.Text],
            SpecSequence several => [.. several.Items.OfType<SpecScalar>().Select(item => item.Text)],
            _ => [],
        };
        if (Array.TrueForAll(logs, log => log is "x" or "y"))
        {
            return logs;
        }

        problems.Add(node!.Place, "log names the axes with a logarithmic scale: x, y or [x, y]");
        return null;
    }
}
