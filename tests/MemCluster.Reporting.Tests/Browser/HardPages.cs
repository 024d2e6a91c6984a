using System.Collections.Immutable;
using MemCluster.Reporting.Report;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Tests.Browser;

/// <summary>Reports with everything that is hard to lay out: long names, many parts, many panels, wide maps, lines that end at one place, numbers of any size.</summary>
internal static class HardPages
{
    private const string LongName = "capacity-by-label-noise-and-input-noise-with-every-regularizer-quick";
    private static readonly string[] Regularizers = ["none", "dropout 0.25", "dropout 0.5", "weight-decay 1e-3", "input-dropout 0.2, dropout 0.5", "adversarial 0.0039, weight 0.5", "batch-normalization", "early-stop 10"];

    public static IEnumerable<(string Name, string Html)> All =>
    [
        ("full", ReportHtml.Of(Report(complete: true))), ("running", ReportHtml.Of(Report(complete: false) with { Figures = [], Heat = [], Curves = [], Verdicts = [] })), ("compared", ComparisonHtml.Of(Compared())),
    ];

    private static SweepReport Report(bool complete) => new(
        LongName, "Does a network that memorizes need more units than one that learns, whatever keeps it from memorizing, and does it say so before its training ends?",
        "2 of 3 claims hold, 1 is undecided.", complete ? "Complete: 1,080 trials, 1,071 finished, 6 diverged, 3 failed." : "Not complete yet: 7 of 1,080 trials have ended (7 finished), 2 running, 1,071 to come. What follows may still change.",
        complete, Verdicts(), [new("figures", "line 14: its axis is no part of this sweep")],
        [Lines("ends", log: true), Lines("names", log: false) with { XTicks = [.. Regularizers], XLabel = "regularizer" }, Panels("panels", 4), Once(), Steps(), Sizes(), Cloud()],
        [Map("map", 12, 10), Map("column", 5, 1)], [Panels("learning-curves", 24)], Troubles(),
        new(string.Concat(Enumerable.Repeat("claims: {\"a\": {\"measure\": \"validation_accuracy_best\", \"where\": {\"noise\": \"label 0.4\"}}} ", 12)), new string('a', 64),
            [("mnist", new string('b', 64))], "0 to 19", "0.1.0", "torchsharp-0.107.0 libtorch-2.10.0 memcluster-1", [$"memcluster run {LongName}.yaml", $"memcluster report {LongName}"]));

    private static ImmutableArray<VerdictRow> Verdicts()
    {
        VerdictPart Part(string label, Verdict verdict, string threshold = ">= 0.05") => new(label, "0.053 [−1,234, 12,106]", threshold, verdict, verdict == Verdict.Undecided ? ClaimVerdicts.Spans : "2 seeds diverged");
        return
        [
            new("many", "The best validation accuracy does not fall with the width, whatever the noise and whatever the regularizer", "[validation_accuracy_best of capacity 512 − capacity 16 (label 0.8)] − [validation_accuracy_best of capacity 512 − capacity 16 (no noise)]; mean over seeds",
                "gain of .049 with label noise .8, of .023 without (16 to 4096 units)", "Fig. 5, right; independent runs at this size", [.. Regularizers.Select((name, index) => Part($"{name}: 16 → 512", (Verdict)(index % 3)))], Verdict.Undecided, "From 64 to 512 units here."),
            new("one", "Random labels are fitted", "train_accuracy (label 1); mean over seeds", "", "", [Part("", Verdict.Holds)], Verdict.Holds, ""),
            new("each", "Sharper minima", "corrupted_auroc_loss_sensitivity_unrolled_without_direct_term, at each noise; every seed", "0.735", "", [Part("input 1", Verdict.Fails, "<= 2.5"), Part("label 1", Verdict.Holds, "between 0.67 and 1.5")], Verdict.Fails, ""),
        ];
    }

    private static ReportFigure.Chart Lines(string name, bool log) => new(
        name, "Best validation accuracy by width, noise on the inputs", "Mean over seeds with its 95 % interval. Open markers are bounds: some seeds were censored.", "Fig. 5, left", "capacity (units per hidden layer)",
        "validation accuracy best of capacity 512, relative", [], log, log,
        [new("", [.. Regularizers.Select((series, index) => new ChartSeries(series, index, [.. Enumerable.Range(1, 8).Select(x => new ChartPoint(log ? 1 << x : x, .9 + .0004 * index + .002 * x, .88 + .002 * x, .93, index == 3))]))])]);

    private static ReportFigure.Chart Panels(string name, int panels) => new(
        name, "Learning curves by cell", "Solid: train accuracy against the labels given. Dashed: validation accuracy.", "", "epoch", "accuracy", [], false, false,
        [.. Enumerable.Range(0, panels).Select(panel => new ChartPanel($"label 0.{panel} · 4096 · {Regularizers[panel % 8]}", [Curve("train", 0, 1), Curve("validation", 1, -1)]))]);

    private static ChartSeries Curve(string name, int style, int sign) =>
        new(name, style, [.. Enumerable.Range(1, 300).Select(epoch => new ChartPoint(epoch, .5 + sign * .0015 * epoch, .4 + sign * .0015 * epoch, .6 + sign * .0015 * epoch))], IsCurve: true);

    private static ReportFigure.Chart Once() => new(
        "once", "After one epoch", "", "", "epoch", "accuracy", [], false, false, [new("", [new("train", 0, [new(1, .5, .45, .55)], IsCurve: true), new("validation", 1, [new(1, .5, .44, .56)], IsCurve: true)])]);

    private static ReportFigure.Chart Steps() => new(
        "steps", "Accuracy bought by memorization", "Steps.", "Fig. 8", "train accuracy − validation accuracy last", "validation accuracy best", [], false, false,
        [new("", [.. Regularizers.Take(5).Select((series, index) => new ChartSeries(series, index, [.. Enumerable.Range(0, 6).Select(x => new ChartPoint(.1 * x, .9, double.NaN, double.NaN))], IsStep: true))])]);

    private static ReportFigure.Chart Sizes() => new(
        "sizes", "Sharpness", "", "", "batch", "sharpness", [], true, true,
        [new("", [new("no noise", 0, [.. Enumerable.Range(-9, 16).Select(power => new ChartPoint(Math.Pow(10, power + 10), Math.Pow(10, power), Math.Pow(10, power - 1), double.PositiveInfinity))])])]);

    private static ReportFigure.Density Cloud() => new(
        "cloud", "Cumulative loss and memorization", "More colour is more examples.", "Fig. 3", "loss sensitivity unrolled without direct term", "cumulative loss", new(1e-9, 1e6, true, 0, 1), new(-1, 1, false, 0, ReportFigure.Density.Aspect),
        [.. Enumerable.Range(0, 2).Select(panel => new DensityPanel($"label 0.{panel} · 4096 · {Regularizers[5]}", "Spearman’s ρ −0.053 [−0.234, 0.106], n = 60,000",
            HexagonalBins.Of([.. Enumerable.Range(0, 4000).Select(at => at % 97 / 96.0)], [.. Enumerable.Range(0, 4000).Select(at => .75 * (at % 41) / 40)], [.. Enumerable.Range(0, 4000).Select(at => at % 5 == 0)], ReportFigure.Density.BinWidth)))]);

    private static ReportFigure.Heat Map(string name, int rows, int columns) => new(
        name, "Best validation accuracy by noise and regularizer", "Mean over the seeds that finished. More colour is more accurate.", "", "noise", columns > 1 ? "regularizer" : "",
        [.. Enumerable.Range(0, rows).Select(row => $"label 0.{row}, keep-true-class {row}")], columns > 1 ? [.. Enumerable.Range(0, columns).Select(column => Regularizers[column % 8])] : [""],
        [.. Enumerable.Range(0, 2).Select(panel => new HeatPanel($"capacity {1 << panel}, batch-normalization, seed of the noise {panel}",
            [.. Enumerable.Range(0, rows).Select(row => (ImmutableArray<double?>)[.. Enumerable.Range(0, columns).Select(column => (row + column) % 7 == 6 ? null : (double?)(row * column * 12.3))])]))]);

    private static ImmutableArray<ReportTable> Troubles() =>
    [
        new("Failed, diverged or cancelled", "They have no value in the figures and verdicts above.", ["Trial", "Settings", "How", "Why"], [true, false, false, false],
            [.. Enumerable.Range(1, 9).Select(trial => (ImmutableArray<string>)[$"{trial},080", $"label 0.4 · 4096 · {Regularizers[trial % 8]} · seed 7", "failed", "failed: torch.OutOfMemoryException_at_TorchSharp.torch.CheckForErrors() could not allocate 123,456,789 bytes"])], 4),
    ];

    private static Comparison Compared() => new(
        LongName, "wide-" + LongName, "12 cells and 36 pairs of trials are in both. A difference is the second less the first, seed by seed.", ["− rate: 0.05", "+ rate: 0.02", "− " + new string('x', 120)],
        [("The best validation accuracy does not fall with the width, whatever the noise", "holds", "undecided")], [Lines("difference", log: false), Map("map", 4, 4)],
        [new("Best validation accuracy", "", ["Cell", LongName, "wide-" + LongName, "Second − first", "Pairs"], [false, true, true, true, true],
            [.. Enumerable.Range(0, 8).Select(cell => (ImmutableArray<string>)[$"label 0.4 · 4096 · {Regularizers[cell]}", "0.902", "0.952", "0.050 [0.050, 0.050]", "3"])])]);
}
