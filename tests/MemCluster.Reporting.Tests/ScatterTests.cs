using System.Xml.Linq;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;

namespace MemCluster.Reporting.Tests;

/// <summary>Two scores of single examples, from the trials' arrays to a picture.</summary>
public sealed class ScatterTests
{
    private const string Own = """
        sweep: s
        data: { name: glyphs, train: EXAMPLES }
        noise: label 0.2
        noise-seed: 0
        measures: { el2n: last, grand: last, learning: last }
        seeds: 3
        figures:
          pair: { title: "Hard <i>", scatter: [el2n, grand], log: x, source: somebody }
        """;

    [Fact]
    public async Task Every_example_lies_in_one_hexagon_and_wrong_ones_are_told_apart_by_shape()
    {
        var figure = Assert.IsType<ReportFigure.Density>(Assert.Single((await Report(200)).Figures));
        var panel = Assert.Single(figure.Panels);

        Assert.Equal(("el2n", "grand", true, false), (figure.XLabel, figure.YLabel, figure.X.Log, figure.Y.Log));
        Assert.Equal((200, 40), (panel.Bins.Sum(bin => bin.Count), panel.Bins.Sum(bin => bin.Marked)));
        Assert.Contains("Spearman’s ρ 1.000 [1.000, 1.000], n = 200.", figure.Caption, StringComparison.Ordinal);
        Assert.Contains("over 3 trials", figure.Caption, StringComparison.Ordinal);
        Assert.Contains("Diamonds: wrong examples", figure.Caption, StringComparison.Ordinal);

        // grand is the square of el2n, so a point lies on that curve; the wrong ones have the largest.
        Assert.All(panel.Bins, bin => Assert.InRange(figure.Y.ValueAt(bin.Y) - Math.Pow(figure.X.ValueAt(bin.X), 2), -8000, 8000));
        Assert.True(panel.Bins.Where(bin => bin.Marked > 0).Min(bin => bin.X) >= panel.Bins.Where(bin => bin.Marked == 0).Max(bin => bin.X) - ReportFigure.Density.BinWidth);
        var marks = DensityDrawing.Of(figure, panel).Marks;
        Assert.Equal(panel.Bins.Length, marks.OfType<Mark.Area>().Count());
        Assert.Equal(panel.Bins.Count(bin => bin.Marked > 0), marks.OfType<Mark.Shape>().Count(shape => shape is { Marker: Marker.Diamond, Ink: Ink.Series1 }));
        Assert.Equal(1.0, marks.OfType<Mark.Area>().Max(area => area.Opacity), 6);
    }

    [Fact]
    public async Task A_picture_of_fifty_thousand_examples_all_over_the_plane_is_no_larger_than_one_of_thousands_and_says_its_numbers_to_who_listens()
    {
        var figure = Assert.IsType<ReportFigure.Density>(Assert.Single((await Report(50_000, figures: "  pair: { title: \"Hard <i>\", scatter: [el2n, aum] }\n")).Figures));
        var (drawing, name) = Assert.Single(FigureDrawings.Of(figure));
        var svg = SvgWriter.Of(drawing, name, isFile: true);
        var root = XDocument.Parse(svg).Root!;

        Assert.Equal(50_000, figure.Panels[0].Bins.Sum(bin => bin.Count));
        Assert.InRange(figure.Panels[0].Bins.Length, 800, 1500);
        Assert.InRange(svg.Length, 100_000, 350_000);
        Assert.Equal("Hard <i>", root.Elements().First(element => element.Name.LocalName == "title").Value);
        var said = root.Elements().First(element => element.Name.LocalName == "desc").Value;
        Assert.StartsWith("aum over el2n: Spearman’s ρ ", said, StringComparison.Ordinal);
        Assert.Matches(@"both large: 12,\d\d\d \(5,\d\d\d wrong\)\.$", said);
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], PngWriter.Of(drawing)[..4]);
        Assert.All(drawing.Marks.OfType<Mark.Area>().SelectMany(area => area.Points), point => Assert.True(point.X >= 0 && point.X <= drawing.Width && point.Y >= 0 && point.Y <= drawing.Height));
    }

    [Fact]
    public async Task Scores_without_a_place_on_the_scale_are_ranked_and_said_not_to_be_drawn()
    {
        var report = await Report(200, figures: "  pair: { scatter: [el2n, first_learned] }\n  zero: { scatter: [variability, grand], log: x }\n");

        // Half of the examples are never learned; one has a deviation of 0.
        Assert.Equal([100, 199], report.Figures.Select(figure => ((ReportFigure.Density)figure).Panels[0].Bins.Sum(bin => bin.Count)));
        Assert.Contains("n = 200", report.Figures[0].Caption, StringComparison.Ordinal);
        Assert.Contains("100 examples are infinite, or not above 0", report.Figures[0].Caption, StringComparison.Ordinal);
        Assert.Contains("1 example is infinite, or not above 0", report.Figures[1].Caption, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_scores_of_every_trial_nothing_is_drawn() => Assert.Empty((await Report(200, trials: 2)).Figures);

    /// <summary>A panel for each noise, all on one scale: el2n of trials against memorization of the ensemble.</summary>
    [Fact]
    public async Task A_score_of_single_trials_is_drawn_over_what_the_ensemble_says_of_the_same_example()
    {
        const string yaml = """
            sweep: s
            data: { name: glyphs, train: 60 }
            noise-seed: 0
            measures: { held-out: last, el2n: last }
            axes: { noise: [none, label 0.2], prune: [random 0.3] }
            seeds: 40
            figures:
              mixed: { scatter: [el2n, memorization], where: { prune: random 0.3 }, panels: noise }
            """;
        var report = await Of(yaml, Enumerable.Range(1, 80).SelectMany(trial =>
        {
            var random = new Random(trial);
            bool[] kept = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble() >= 0.3)];
            bool[] hard = [.. Enumerable.Range(0, 60).Select(example => example % 3 == 0)];
            bool[] wrong = [.. Enumerable.Range(0, 60).Select(example => trial > 40 && example < 12)];
            return ((Finding[])
            [
                Finding.OfBits(0, ExampleNames.Corrupted, wrong), Finding.OfBits(0, ExampleNames.Kept, kept),
                Finding.OfSingles(0, ExampleNames.Given, wrong.Select(one => one ? 1.0 : 0)), Finding.OfSingles(0, ExampleNames.True, new double[60]),
                Finding.OfBits(1, ExampleNames.CorrectAll, [.. hard.Zip(kept, (one, isKept) => !one || isKept)]), Finding.OfBits(1, ExampleNames.CorrectValidation, new bool[8]),
                Finding.OfSingles(1, "el2n", Enumerable.Range(0, 60).Where(example => kept[example]).Select(example => hard[example] ? 2.0 : 1)),
            ]).Select(found => new TrialArray(trial, found));
        }));

        var figure = Assert.IsType<ReportFigure.Density>(Assert.Single(report.Figures));
        Assert.Equal(["no noise", "label 0.2"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal([0, 12], figure.Panels.Select(panel => panel.Bins.Sum(bin => bin.Marked)));
        Assert.Contains("no noise: Spearman’s ρ 1.000 [1.000, 1.000], n = 60; label 0.2: Spearman’s ρ", figure.Caption, StringComparison.Ordinal);
        Assert.All(figure.Panels, panel => Assert.Equal([(40, 1.0, 0.0), (20, 2.0, 1.0)], panel.Bins.Select(bin => (bin.Count, Math.Round(figure.X.ValueAt(bin.X), 1), Math.Round(figure.Y.ValueAt(bin.Y), 1)))));
    }

    /// <summary>The last fifth of the examples is wrong, and the hardest.</summary>
    private static Task<SweepReport> Report(int examples, int trials = 3, string? figures = null)
    {
        bool[] wrong = [.. Enumerable.Range(0, examples).Select(example => example >= examples * 4 / 5)];
        double[] hard = [.. Enumerable.Range(0, examples).Select(example => 1 + (example * 199.0 / examples))];
        Finding[] found =
        [
            Finding.OfBits(0, ExampleNames.Corrupted, wrong),
            Finding.OfSingles(0, ExampleNames.Given, wrong.Select(one => one ? 1.0 : 0)), Finding.OfSingles(0, ExampleNames.True, new double[examples]),
            Finding.OfSingles(3, "el2n", hard), Finding.OfSingles(3, "grand", hard.Select(value => value * value)),
            Finding.OfSingles(3, "aum", Enumerable.Range(0, examples).Select(example => (example * 7919L % 1000) / 1000.0)),
            Finding.OfSingles(3, "first_learned", Enumerable.Range(0, examples).Select(example => example >= examples / 2 ? double.PositiveInfinity : 1 + (example % 5))),
            Finding.OfSingles(3, "variability", Enumerable.Range(0, examples).Select(example => example / 1000.0)),
        ];
        var yaml = Own.Replace("EXAMPLES", examples.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return Of(figures is null ? yaml : yaml[..yaml.IndexOf("  pair:", StringComparison.Ordinal)] + figures,
            Enumerable.Range(1, trials).SelectMany(trial => found.Select(one => new TrialArray(trial, one))));
    }

    private static Task<SweepReport> Of(string yaml, IEnumerable<TrialArray> arrays)
    {
        var spec = Given.Spec(yaml);
        return SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(spec, trial, TrialState.Finished)).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, () => arrays.ToAsyncEnumerable()));
    }
}
