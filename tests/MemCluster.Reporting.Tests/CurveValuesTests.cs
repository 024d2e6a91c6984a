using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Tests;

/// <summary>Effective model complexity and double descent, from trials' rows to a verdict.</summary>
public sealed class CurveValuesTests
{
    private const string ByWidth = """
        sweep: s
        data: { name: glyphs, train: 100 }
        axes: { noise: [none, label 0.2], capacity: [4, 16, 64, 256] }
        seeds: 3
        claims:
          peaks: { group: double_descent_height, through: capacity, where: { noise: label 0.2 }, holds: ">= 0.05" }
          at: { group: double_descent_peak, through: capacity, where: { noise: label 0.2 }, holds: between 64 and 64 }
          less: { group: double_descent_height, through: { axis: capacity, among: [4, 16, 64, 256] }, where: { noise: none }, holds: ">= 0.05" }
          nowhere: { group: double_descent_peak, through: capacity, where: { noise: none }, holds: ">= 4" }
        """;

    /// <summary>With noise: .4, .3, .5 and .2, a little more or less by seed; without, it falls.</summary>
    private static double Error(int configuration, int seed) => new[] { .4, .3, .2, .1, .4, .3, .5, .2 }[configuration] + (.01 * (seed - 1) * ((configuration % 2) - .5));

    [Fact]
    public async Task The_height_of_a_peak_has_an_interval_over_the_seeds_and_a_falling_curve_stands_below_its_ground()
    {
        var report = await Report(ByWidth, trial => Ended(1 - Error((trial - 1) / 3, (trial - 1) % 3)));

        Assert.Equal([Verdict.Holds, Verdict.Holds, Verdict.Fails, Verdict.Undecided], report.Verdicts.Select(row => row.Verdict));

        // The lower of both sides is 16 units, on whose error seeds 0 and 2 differ by .01 the one way, on that of 64 the other: .2 ± t(2) · .01/√3. For 12 ordered pairs
        // of places t is 15.5 downwards; upwards two must be covered, and it is 6.2.
        Assert.Equal("0.200 [0.111, 0.236]", report.Verdicts[0].Ours[0].Ours);
        Assert.Equal("64.0 [64.0, 64.0]", report.Verdicts[1].Ours[0].Ours);
        Assert.Equal("double_descent_height along capacity (label 0.2); all seeds together", report.Verdicts[0].Statistic);
        Assert.Equal("−0.100 [−0.189, −0.064]", report.Verdicts[2].Ours[0].Ours);
    }

    [Fact]
    public async Task While_a_trial_is_to_come_nothing_is_decided_and_one_that_diverged_guesses()
    {
        var running = await Report(ByWidth, trial => trial == 15 ? null : Ended(1 - Error((trial - 1) / 3, (trial - 1) % 3)));
        var diverged = await Report(ByWidth, trial => trial == 19 ? ImmutableSortedDictionary<string, double>.Empty : Ended(1 - Error((trial - 1) / 3, (trial - 1) % 3)));

        Assert.Equal([Verdict.Undecided, Verdict.Undecided, Verdict.Fails, Verdict.Undecided], running.Verdicts.Select(row => row.Verdict));

        // The error of seed 0 at 64 units is .9 rather than .5.
        Assert.Equal("0.332", diverged.Verdicts[0].Ours[0].Ours[..5]);
        Assert.Equal(Verdict.Undecided, diverged.Verdicts[0].Verdict);
    }

    [Fact]
    public async Task One_seed_says_where_it_peaks_and_decides_nothing()
    {
        var report = await Report(ByWidth.Replace("seeds: 3", "seeds: 1", StringComparison.Ordinal), trial => Ended(1 - Error(trial - 1, 1)));

        Assert.All(report.Verdicts, row => Assert.Equal(Verdict.Undecided, row.Verdict));
        Assert.Equal("one seed has no interval", report.Verdicts[0].Ours[0].Why);
    }

    [Fact]
    public async Task Along_the_epochs_it_is_the_curve_of_the_trials_themselves()
    {
        const string yaml = """
            sweep: s
            data: { name: glyphs, train: 100 }
            training: { epochs: 5 }
            axes: { noise: [none, label 0.2] }
            seeds: 2
            claims:
              peaks: { group: double_descent_height, through: epoch, where: { noise: label 0.2 }, holds: ">= 0.05" }
              at: { group: double_descent_peak, through: epoch, where: { noise: label 0.2 }, holds: between 3 and 3 }
            """;
        double[] curve = [.5, .7, .5, .6, .8];
        var measures = Enumerable.Range(1, 4).SelectMany(trial => curve.Select((accuracy, epoch) =>
            new MeasureRow(trial, epoch + 1, MeasureNames.ValidationAccuracy, accuracy - (.01 * trial))));
        var report = await Report(yaml, _ => Ended(.8), measures);

        Assert.All(report.Verdicts, row => Assert.Equal(Verdict.Holds, row.Verdict));
        Assert.StartsWith("0.200 [", report.Verdicts[0].Ours[0].Ours, StringComparison.Ordinal);
        Assert.StartsWith("double_descent_peak along the epochs (label 0.2)", report.Verdicts[1].Statistic, StringComparison.Ordinal);
    }

    /// <summary>A width fits up to 10 examples a unit on average: 8 units 50 and not 100, 64 all of them, 2 units none.</summary>
    [Fact]
    public async Task Effective_complexity_is_known_between_two_sizes_and_censored_where_all_are_fitted()
    {
        const string yaml = """
            sweep: s
            data: { name: glyphs }
            axes: { capacity: [2, 8, 64], data.train: [50, 100, 200] }
            seeds: 2
            claims:
              by-width: { group: effective_model_complexity, each: capacity, holds: { 2: "<= 50", 8: between 50 and 100, 64: ">= 200" } }
              grows: { of: { group: effective_model_complexity, where: { capacity: 8 } }, over: { group: effective_model_complexity, where: { capacity: 64 } }, holds: "<= 0.5" }
              open: { group: effective_model_complexity, through: data.train, where: { capacity: 64 }, holds: ">= 300" }
            """;
        var report = await Report(yaml, trial => Ended(
            0.5, train: new[] { 2, 8, 64 }[(trial - 1) / 6] * 10 < new[] { 50, 100, 200 }[(trial - 1) / 2 % 3] ? .85 : .99 - (.1 * (trial % 2))));

        Assert.Equal([Verdict.Holds, Verdict.Holds, Verdict.Undecided], report.Verdicts.Select(row => row.Verdict));
        Assert.Equal(["0.000 [0.000, 50.0]", "50.0 [50.0, 100]", "≥ 200 [200, ∞]"], report.Verdicts[0].Ours.Select(part => part.Ours));
    }

    private static ImmutableSortedDictionary<string, double> Ended(double validation, double train = 1) =>
        Given.Accuracies(validation, validation).Add(MeasureNames.TrainAccuracy, train);

    /// <param name="of">By trial from 1: its measures; null where it runs yet, none where it diverged.</param>
    private static Task<SweepReport> Report(string yaml, Func<int, IReadOnlyDictionary<string, double>?> of, IEnumerable<MeasureRow>? measures = null)
    {
        var spec = Given.Spec(yaml);
        TrialRow Row(int trial) => Given.Row(
            spec, trial, of(trial) switch { null => TrialState.Running, { Count: 0 } => TrialState.Diverged, _ => TrialState.Finished }, of(trial)?.ToImmutableSortedDictionary());
        return SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, Row).ToAsyncEnumerable(), () => (measures ?? []).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<AttemptRow>, AsyncEnumerable.Empty<TrialArray>));
    }
}
