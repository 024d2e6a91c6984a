using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Tests;

public sealed partial class SweepReportTests
{
    private const string Yaml = """
        sweep: rise
        question: "Does it <script>alert(1)</script> & \"rise\"?"
        data: { name: mnist, train: 100 }
        training: { epochs: 4 }
        axes:
          noise:    [none, label 0.2]
          capacity: [32, 128]
        seeds: 3
        claims:
          rises: { says: "A <b>bold</b> claim", measure: validation_accuracy_best, where: { capacity: 128 }, minus: { measure: validation_accuracy_last }, each: noise, holds: ">= 0.05", paper: ".08 & more", source: "</td>Fig. 7" }
          never: { measure: convergence_epoch, where: { noise: label 0.2, capacity: 32 }, holds: "<= 3" }
        figures:
          times: { title: "Times <i>", x: capacity, y: convergence_epoch, series: noise, log: [x, y] }
          curve: { x: epoch, y: train_accuracy, series: noise, where: { capacity: last } }
        """;

    [Fact]
    public async Task A_report_says_the_question_how_complete_it_is_and_a_verdict_for_each_claim()
    {
        var report = await Report();

        Assert.Equal(("rise", true, "Complete: 12 trials, 12 finished."), (report.Title, report.IsComplete, report.Progress));
        Assert.Equal("1 of 2 claims hold, 1 fails.", report.Answer);
        Assert.Equal([Verdict.Holds, Verdict.Fails], report.Verdicts.Select(row => row.Verdict));
        Assert.Equal(["none", "label 0.2"], report.Verdicts[0].Ours.Select(part => part.Label));
        Assert.Equal("0.100 [0.100, 0.100]", report.Verdicts[0].Ours[0].Ours);
        Assert.Equal("≥ 4.000 [4.000, ∞]", report.Verdicts[1].Ours[0].Ours);
        Assert.Equal(["times", "curve"], report.Figures.Select(figure => figure.Name));
        Assert.Contains(report.Troubles, table => table.Title.StartsWith("Censored", StringComparison.Ordinal) && table.Rows.Length == 2);
    }

    [Fact]
    public async Task A_running_sweep_says_so_and_decides_nothing()
    {
        var report = await Report(trial => trial > 8 ? TrialState.Pending : trial == 8 ? TrialState.Running : TrialState.Finished);

        Assert.False(report.IsComplete);
        Assert.StartsWith("Not complete yet: 7 of 12 trials have ended (7 finished), 1 running, 4 to come.", report.Progress);
        Assert.All(report.Verdicts, row => Assert.Equal(Verdict.Undecided, row.Verdict));
        Assert.Contains("unfinished", ReportHtml.Of(report));
    }

    [Fact]
    public async Task What_failed_or_diverged_is_named_with_its_reason_and_has_no_value()
    {
        var report = await Report(trial => trial == 1 ? TrialState.Failed : trial == 2 ? TrialState.Diverged : TrialState.Finished);

        var table = Assert.Single(report.Troubles, table => table.Title.StartsWith("Failed", StringComparison.Ordinal));
        Assert.Equal(["none · 32 · seed 0", "failed", "failed: out of memory"], table.Rows[0].Skip(1));
        Assert.Equal("diverged", table.Rows[1][2]);
    }

    [Fact]
    public async Task A_page_asks_the_network_for_nothing_and_runs_no_script()
    {
        var page = ReportHtml.Of(await Report());

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", ReferenceOnly().Replace(page, ""), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"(?i)\b(src|href|xlink:href|action|data|poster|srcset)\s*=|url\(|@import|<(link|img|iframe|object|embed|base|form)\b|\bon[a-z]+\s*=", page);
    }

    [Fact]
    public async Task Words_of_the_sweep_are_shown_as_they_are_and_never_become_markup()
    {
        var page = ReportHtml.Of(await Report());

        Assert.Contains("Does it &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;rise&quot;?", page);
        Assert.Contains("A &lt;b&gt;bold&lt;/b&gt; claim", page);
        Assert.Contains("&lt;/td&gt;Fig. 7", page);
        Assert.Contains("Times &lt;i&gt;", page);
    }

    [Fact]
    public async Task The_verdicts_are_a_table_in_Markdown_too_with_a_row_for_each_claim_and_a_line_for_each_part()
    {
        using var folder = new TemporaryFolder();
        var report = await Report();
        await ReportFiles.Write(folder.Path, report, withPng: false);
        var lines = (await File.ReadAllTextAsync(Path.Combine(folder.Path, ReportFiles.Verdicts))).TrimEnd().Split('\n');

        Assert.Equal($"### {report.Title}", lines[0]);
        Assert.Equal(report.Verdicts.Length, lines.Count(line => line.StartsWith("| **", StringComparison.Ordinal)));
        Assert.All(lines.Where(line => line.StartsWith('|')), line => Assert.Equal(7, line.Replace("\\|", "", StringComparison.Ordinal).Count(letter => letter == '|')));
        Assert.Contains("A &lt;b>bold&lt;/b> claim", string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Contains(report.Verdicts[0].Ours[0].Ours, string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("noise", "none, label 0.2, label 0.4", true)]
    [InlineData("noise", "label 0.4, label 0.2", false)]
    [InlineData("regularizer", "none, dropout 0.3, weight-decay 0.001", false)]
    public async Task A_line_joins_what_has_an_order_and_nothing_else(string axis, string values, bool joined)
    {
        var spec = Given.Spec($"sweep: s\ndata: {{ name: mnist, train: 100 }}\naxes: {{ {axis}: [{values}] }}\nfigures: {{ f: {{ x: {axis}, y: validation_accuracy_best }} }}\n");
        var report = await SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(spec, trial, TrialState.Finished, Given.Accuracies(0.9, 0.8))).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, AsyncEnumerable.Empty<TrialArray>));

        Assert.Equal(!joined, Assert.IsType<ReportFigure.Chart>(Assert.Single(report.Figures)).Panels[0].Series[0].IsLoose);
    }

    [Fact]
    public async Task The_same_rows_give_the_same_bytes() => Assert.Equal(ReportHtml.Of(await Report()), ReportHtml.Of(await Report()));

    [Fact]
    public async Task Each_figure_becomes_a_picture_that_says_what_it_shows()
    {
        using var folder = new TemporaryFolder();
        var files = await ReportFiles.Write(folder.Path, await Report());

        Assert.Equal("report.html", Path.GetFileName(files[0]));
        Assert.Equal(files.Count - 1, files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal)) * 2);
        foreach (var svg in files.Where(file => file.EndsWith(".svg", StringComparison.Ordinal)))
        {
            var root = XDocument.Load(svg).Root!;
            Assert.Equal("img", root.Attribute("role")!.Value);
            Assert.NotEmpty(root.Elements().First(element => element.Name.LocalName == "desc").Value);
            Assert.DoesNotContain("NaN", root.ToString());
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(Path.ChangeExtension(svg, "png")))[..4]);
        }
    }

    [Fact]
    public async Task Marks_stay_inside_of_their_drawing()
    {
        var report = await Report();
        foreach (var (drawing, name) in report.Figures.Concat(report.Heat).Concat(report.Curves).SelectMany(FigureDrawings.Of))
        {
            foreach (var point in drawing.Marks.SelectMany(mark => mark switch
            {
                Mark.Path path => path.Points,
                Mark.Area area => area.Points,
                Mark.Label label => [(label.X, label.Y)],
                Mark.Shape shape => [(shape.X, shape.Y)],
                _ => ImmutableArray<(double X, double Y)>.Empty,
            }))
            {
                Assert.True(point.X >= 0 && point.X <= drawing.Width && point.Y >= 0 && point.Y <= drawing.Height, $"{name}: {point}");
            }
        }
    }

    [Fact]
    public async Task Censored_points_are_drawn_open_and_said_to_be_bounds()
    {
        var chart = Assert.IsType<ReportFigure.Chart>((await Report()).Figures[0]);

        Assert.Contains("bounds", chart.Caption);
        Assert.All(chart.Panels[0].Series[1].Points, point => Assert.True(point.Bound));
        Assert.Contains(ChartDrawing.Of(chart, chart.Panels[0], small: false).Marks, mark => mark is Mark.Shape { Open: true });
    }

    [Fact]
    public void Values_that_differ_at_their_ends_can_be_told_apart_on_every_axis()
    {
        string[] names = ["loss-sensitivity-unrolled highest 0.1, dropout 0.5", "loss-sensitivity-unrolled highest 0.3, dropout 0.5", "none"];
        ChartSeries[] series = [.. names.Select((name, index) => new ChartSeries(name, index, [.. Enumerable.Range(1, 3).Select(x => new ChartPoint(x, x, double.NaN, double.NaN))]))];
        var chart = new ReportFigure.Chart("c", "C", "", "", "prune", "y", [.. names], false, false, [new("", [.. series])]);
        var heat = new ReportFigure.Heat("h", "H", "", "", "rows", "columns", [.. names], [.. names], [new("", [.. names.Select(_ => (ImmutableArray<double?>)[1, 2, 3])])]);

        foreach (var (drawing, times) in new[] { (ChartDrawing.Of(chart, chart.Panels[0], small: false), 2), (HeatDrawing.Of(heat, heat.Panels[0]), 2) })
        {
            var shown = drawing.Marks.OfType<Mark.Label>().Select(label => label.Text).Where(text => text.StartsWith("loss", StringComparison.Ordinal)).ToArray();
            Assert.Equal(2 * times, shown.Length);
            Assert.Equal(2, shown.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_sweep_without_axes_claims_or_results_has_a_page_too()
    {
        var spec = Given.Spec("sweep: s\ndata: { name: mnist, train: 100 }\n");
        var report = await SweepReportBuilder.From(Rows(spec, _ => TrialState.Pending));

        Assert.Contains("Not complete yet", ReportHtml.Of(report));
    }

    [Fact]
    public async Task Two_sweeps_are_compared_seed_by_seed_over_the_cells_that_both_have()
    {
        var first = Given.Spec(Yaml);
        var second = Given.Spec(Yaml.Replace("[32, 128]", "[128, 512]", StringComparison.Ordinal).Replace("sweep: rise", "sweep: wide", StringComparison.Ordinal));
        var (comparison, problem) = await Comparisons.Of(Rows(first, _ => TrialState.Finished), Rows(second, _ => TrialState.Finished, better: 0.05));

        Assert.Empty(problem);
        Assert.StartsWith("2 cells and 6 pairs of trials are in both.", comparison!.Shared);
        var best = comparison.Tables.First(table => table.Title == "Best validation accuracy");
        Assert.Equal(["none · 128", "0.902", "0.952", "0.050 [0.050, 0.050]", "3"], best.Rows[0].AsEnumerable());
        var times = comparison.Tables.First(table => table.Title.StartsWith("Time to convergence", StringComparison.Ordinal));
        Assert.Equal(["label 0.2 · 128", "≥ 4.000", "≥ 4.000", "not known: censored", "3"], times.Rows[1].AsEnumerable());
        Assert.DoesNotContain("<script", ComparisonHtml.Of(comparison));
    }

    [Fact]
    public async Task Sweeps_over_other_axes_are_not_paired()
    {
        var other = Given.Spec("sweep: o\ndata: { name: mnist, train: 100 }\naxes: { rate: [0.1, 0.2] }\n");

        Assert.Contains("can't be paired", (await Comparisons.Of(Rows(Given.Spec(Yaml), _ => TrialState.Finished), Rows(other, _ => TrialState.Finished))).Problem);
    }

    private static Task<SweepReport> Report(Func<int, TrialState>? state = null) => SweepReportBuilder.From(Rows(Given.Spec(Yaml), state ?? (_ => TrialState.Finished)));

    /// <summary>Best is .1 above last; with label noise no trial converges.</summary>
    private static ResultRows Rows(SweepSpec spec, Func<int, TrialState> state, double better = 0)
    {
        var trials = Given.Rows(spec, trial => Given.Row(spec, trial, state(trial), state(trial) == TrialState.Finished ? Final(spec, trial, better) : null, epochs: 4)).ToArray();
        var measures = trials.Where(row => row.State == TrialState.Finished).SelectMany(row => Enumerable.Range(1, 4).SelectMany(epoch => new[]
        {
            new MeasureRow(row.Trial, epoch, MeasureNames.TrainAccuracy, 0.2 * epoch), new MeasureRow(row.Trial, epoch, MeasureNames.ValidationAccuracy, 0.9 - 0.1 * epoch),
        }));
        var attempts = trials.Where(row => row.State == TrialState.Failed)
            .Select(row => new AttemptRow(row.Trial, 1, "local/1", Given.Noon, Given.Noon, "failed: out of memory", 0, 1));
        return new(spec, NumericsSettings.Version, () => trials.ToAsyncEnumerable(), () => measures.ToAsyncEnumerable(), () => attempts.ToAsyncEnumerable(),
            () => Array.Empty<TrialArray>().ToAsyncEnumerable());
    }

    private static ImmutableSortedDictionary<string, double> Final(SweepSpec spec, int trial, double better)
    {
        var seed = (trial - 1) % 3;
        var final = Given.Accuracies(0.9 + better + 0.002 * seed, 0.8 + better + 0.002 * seed).Add(MeasureNames.TrainAccuracy, 0.8);
        return new Grid(spec).ValuesAt(trial - 1).FirstOrDefault() == "none" ? final.Add(MeasureNames.ConvergenceEpoch, 2 + seed) : final;
    }

    /// <summary>The policy that forbids everything names no address; nor does anything else.</summary>
    [GeneratedRegex("http-equiv=\"Content-Security-Policy\"")]
    private static partial Regex ReferenceOnly();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("memcluster-report-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    [Fact]
    public void A_map_of_two_columns_is_wide_enough_for_the_name_of_its_axis()
    {
        const string Axis = "measures.class-sensitivity";
        var heat = new ReportFigure.Heat("h", "H", "", "", "noise", Axis, ["none", "input 1"], ["a", "b"], [new("", [[1, 2], [3, 4]])]);
        var drawing = HeatDrawing.Of(heat, heat.Panels[0]);
        var name = drawing.Marks.OfType<Mark.Label>().Single(label => label.Text == Axis);

        // 6.4 units a letter, as a browser's widest font has it.
        Assert.InRange(name.X + Axis.Length * 6.4, 0, drawing.Width);
    }
}
