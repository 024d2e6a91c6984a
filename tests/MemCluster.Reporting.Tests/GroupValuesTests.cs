using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Tests;

/// <summary>Measures over several trials, from their arrays to a verdict.</summary>
public sealed class GroupValuesTests
{
    private const int Runs = 20;
    private const int Examples = 400;

    /// <summary>Trials 1 to 20 know a third of the examples for sure, 21 to 40 guess them.</summary>
    private const string Easy = """
        sweep: s
        data: { name: glyphs, train: 400 }
        training: { epochs: 1 }
        measures: { learning: last }
        axes: { noise: [none, input 1] }
        seeds: 20
        claims:
          real: { group: first_epoch_overdispersion, where: { noise: none }, holds: ">= 4" }
          noise: { group: first_epoch_overdispersion, where: { noise: input 1 }, holds: "<= 2.5" }
          ratio: { of: { group: first_epoch_overdispersion, where: { noise: none } }, over: { group: first_epoch_overdispersion, where: { noise: input 1 } }, holds: ">= 2.5" }
          binomial: { group: first_epoch_binomial_ks_p, where: { noise: none }, holds: "<= 0.01" }
          not-binomial: { group: first_epoch_dispersion_p, where: { noise: none }, holds: "< 1e-10" }
          shows-nothing: { group: first_epoch_dispersion_p, where: { noise: input 1 }, holds: "> 0.001" }
        """;

    [Fact]
    public async Task Examples_that_are_reliably_right_are_told_from_coin_flips()
    {
        var report = await Report(Easy, Enumerable.Range(1, 2 * Runs).SelectMany(EasyArrays));

        Assert.Equal(["real", "noise", "ratio", "binomial", "not-binomial", "shows-nothing"], report.Verdicts.Select(row => row.Name));
        Assert.All(report.Verdicts.SkipLast(1), row => Assert.Equal(Verdict.Holds, row.Verdict));
        Assert.Equal(Verdict.Undecided, report.Verdicts[^1].Verdict);
        Assert.StartsWith("a p-value that is not small shows nothing", report.Verdicts[^1].Ours[0].Why, StringComparison.Ordinal);
        var chance = Dispersion.Of(BitMatrix.FromRows([.. Enumerable.Range(Runs + 1, Runs).Select(trial => Correct(trial).ToArray())]));
        Assert.InRange(chance.Overdispersion, 0.6, 1.5);
    }

    [Fact]
    public async Task The_examples_are_drawn_from_the_hardest_to_the_easiest_with_coin_flips_beside_noise()
    {
        var report = await Report(Easy + "\nfigures: { fig1: { x: examples, y: first_epoch_correct, series: noise } }\n", Enumerable.Range(1, 2 * Runs).SelectMany(EasyArrays));

        var series = Assert.IsType<ReportFigure.Chart>(Assert.Single(report.Figures)).Panels[0].Series;
        Assert.Equal(["no noise", "input 1", "chance, input 1"], series.Select(line => line.Name));
        Assert.Equal(3, series.Select(line => line.Style).Distinct().Count());
        Assert.All(series, line => Assert.Equal((1, Examples, true), (line.Points[0].X, line.Points[^1].X, line.Points.Zip(line.Points.Skip(1)).All(pair => pair.First.Y <= pair.Second.Y))));

        // A third is known for sure; guessed shares lie as far from the mean as coin flips do.
        Assert.Equal(1, series[0].Points[150].Y);
        Assert.All(series[1].Points.Zip(series[2].Points), pair => Assert.InRange(pair.First.Y - pair.Second.Y, -0.16, 0.16));
        Assert.DoesNotContain("fig1", (await Report(Easy + "\nfigures: { fig1: { x: examples, y: first_epoch_correct, series: noise } }\n", [])).Figures.Select(figure => figure.Name));
    }

    [Fact]
    public async Task Without_the_arrays_of_every_trial_nothing_is_decided()
    {
        var report = await Report(Easy, Enumerable.Range(1, (2 * Runs) - 1).SelectMany(EasyArrays));

        Assert.Equal([Verdict.Holds, Verdict.Undecided, Verdict.Undecided, Verdict.Holds, Verdict.Holds, Verdict.Undecided], report.Verdicts.Select(row => row.Verdict));
    }

    /// <summary>Trials 3 and 4 leave out by the scores of trials 5 and 6, which find four of five wrong labels, averaged over two epochs.</summary>
    [Fact]
    public async Task A_score_is_judged_by_the_trials_that_computed_it_for_those_who_pruned_by_it()
    {
        const string yaml = """
            sweep: s
            data: { name: glyphs, train: 10 }
            noise: label 0.5
            axes: { prune: [none, aum lowest 0.1] }
            seeds: 2
            claims:
              found: { group: corrupted_auroc_aum, where: { prune: aum lowest 0.1 }, holds: ">= 0.9" }
              nothing: { group: corrupted_auroc_aum, where: { prune: none }, holds: ">= 0.9" }
            """;
        var arrays = new[] { 5, 6 }.SelectMany(trial => (TrialArray[])
        [
            .. Labels(trial, 10, example => example < 5),
            new(trial, Finding.OfSingles(1, "aum", [0, 0, 0, 0, 20, 5, 6, 7, 8, 9])),
            new(trial, Finding.OfSingles(2, "aum", [1, 1, 1, 1, 20, 5, 6, 7, 8, 9])),
        ]);

        var report = await Report(yaml, arrays);

        Assert.Equal([Verdict.Fails, Verdict.Undecided], report.Verdicts.Select(row => row.Verdict));
        Assert.StartsWith("0.800", report.Verdicts[0].Ours[0].Ours, StringComparison.Ordinal);
    }

    /// <summary>In trial 1 no label is wrong, in trial 2 a score is NaN: an order of such scores would be made up.</summary>
    [Theory]
    [InlineData(1, "it is not defined for these trials")]
    [InlineData(2, "what it is computed from came out NaN")]
    public async Task A_score_that_can_not_be_judged_says_why(int kind, string why)
    {
        const string yaml = "sweep: s\ndata: { name: glyphs, train: 4 }\nclaims: { found: { group: corrupted_auroc_el2n, holds: \">= 0.9\" } }\n";
        TrialArray[] arrays = [.. Labels(1, 4, example => kind == 2 && example == 0), new(1, Finding.OfSingles(1, "el2n", kind == 2 ? [5, double.NaN, 1, 2] : [5, 3, 1, 2]))];

        var part = (await Report(yaml, arrays)).Verdicts[0].Ours[0];

        Assert.Equal((Verdict.Undecided, why), (part.Verdict, part.Why));
    }

    private static IEnumerable<TrialArray> EasyArrays(int trial) =>
        [.. Labels(trial, Examples, _ => false), new TrialArray(trial, Finding.OfBits(1, ExampleNames.Correct, [.. Correct(trial)]))];

    private static IEnumerable<bool> Correct(int trial) => Enumerable.Range(0, Examples).Select(example =>
        trial <= Runs && example % 3 < 2 ? example % 3 == 0 : Mixed(((ulong)trial << 32) + (ulong)example) % 10 < 3);

    /// <summary>SplitMix64: coin flips that are the same every time.</summary>
    private static ulong Mixed(ulong number)
    {
        var mixed = unchecked(number * 0x9e3779b97f4a7c15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94d049bb133111eb);
        return mixed ^ (mixed >> 31);
    }

    private static TrialArray[] Labels(int trial, int examples, Func<int, bool> corrupted) =>
    [
        new(trial, Finding.OfBits(0, ExampleNames.Corrupted, [.. Enumerable.Range(0, examples).Select(corrupted)])),
        new(trial, Finding.OfSingles(0, ExampleNames.Given, new double[examples])),
        new(trial, Finding.OfSingles(0, ExampleNames.True, new double[examples])),
    ];

    private static Task<SweepReport> Report(string yaml, IEnumerable<TrialArray> arrays)
    {
        var spec = Given.Spec(yaml);
        return SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(spec, trial, TrialState.Finished)).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, () => arrays.ToAsyncEnumerable()));
    }
}
