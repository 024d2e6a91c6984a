using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>Short ways to say what a sweep file holds, and what reading it gave.</summary>
internal static class Specs
{
    public const string Example = """
        sweep: noise-by-capacity
        question: Does label noise raise the width that a network needs?
        data:     { name: mnist, train: 5000, validation: 5000 }
        network:  { kind: mlp, depth: 2 }
        training: { epochs: 100, batch: 128, rate: 0.05, momentum: 0.9, stop-at-train-accuracy: 1.0 }
        axes:
          noise:       [none, label 0.2, label 0.4, label 0.8, input 0.5]
          capacity:    [32, 128, 512]          # units per hidden layer
          regularizer: [none, dropout 0.5, weight-decay 1e-3]
        seeds: 3                               # or a list
        """;

    public static SweepSpec Read(string text, params string[] sets)
    {
        var reading = SpecFile.Parse(text, "s.yaml", sets);
        Assert.True(reading.Spec is not null, string.Join('\n', reading.Problems));
        Assert.Empty(reading.Problems);
        return reading.Spec;
    }

    /// <summary>A sweep on glyphs with these lines added.</summary>
    public static SweepSpec With(params string[] lines) => Read(Glyphs(lines));

    public static string Glyphs(params string[] lines) => "sweep: s\ndata: glyphs\n" + string.Join('\n', lines) + "\n";

    public static IReadOnlyList<string> Problems(string text, params string[] sets)
    {
        var reading = SpecFile.Parse(text, "s.yaml", sets);
        Assert.Null(reading.Spec);
        return [.. reading.Problems.Select(problem => problem.ToString())];
    }

    public static string OnlyProblem(string text, params string[] sets) => Assert.Single(Problems(text, sets));

    /// <summary>The value that a glyphs sweep has for an axis written like this.</summary>
    public static IEnumerable<string> AxisValues(string axis) => With("axes:", "  " + axis).Axes.Single().Values;
}
