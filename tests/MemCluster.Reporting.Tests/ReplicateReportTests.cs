using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Live;
using MemCluster.Reporting.Plans;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Tests;

/// <summary>What is shown of a sweep whose claims ask for seeds.</summary>
public sealed class ReplicateReportTests
{
    private static readonly SweepSpec Spec = Given.Spec("""
        sweep: asks
        data: { name: mnist, train: 100 }
        axes: { capacity: [32, 128] }
        replicates: { until: decided, at-least: 3, at-most: 12 }
        claims:
          small: { says: It is large, measure: validation_accuracy_best, where: { capacity: 32 }, holds: ">= 0.5" }
          middle: { measure: validation_accuracy_best, where: { capacity: 32 }, seeds: median, holds: ">= 0.5" }
        """);

    [Fact]
    public void A_plan_says_at_least_and_at_most()
    {
        var plan = SweepPlan.Of(Spec, []);
        var text = string.Join('\n', PlanText.Lines(plan, 2));

        Assert.Equal((6, 24), (plan.LeastTrials, plan.Trials));
        Assert.Contains("at most 24 trials × 100 epochs", text, StringComparison.Ordinal);
        Assert.Contains("  asks for seeds until decided: at least 6 trials, at most 24; looks at 3, 5, 8, 12 seeds\n  1 claim asks: small\n", text, StringComparison.Ordinal);
        Assert.Contains("  middle does not ask, and is judged over 3 seeds: a bootstrap", text, StringComparison.Ordinal);
        Assert.Contains("at most about", text, StringComparison.Ordinal);
    }

    /// <summary>Five seeds of one setting and three of the other: what was not asked for is no trial that is missing.</summary>
    [Fact]
    public async Task A_report_shows_every_look_and_the_verdict_of_the_last()
    {
        var report = await SweepReportBuilder.From(Rows([1, 2, 3, 4, 5, 13, 14, 15]));

        Assert.Equal((true, "Complete: 8 trials, 8 finished."), (report.IsComplete, report.Progress));
        Assert.Equal([Verdict.Holds, Verdict.Undecided], report.Verdicts.Select(row => row.Verdict));
        Assert.Equal("looks at 3, 5 seeds; the last decided it, with an interval of 99.28 %", report.Verdicts[0].Looks);
        Assert.Equal([["small", "3", "99.38 %", "0.700 [0.337, 1.000]", "undecided"], ["small", "5", "99.28 %", "0.750 [0.571, 0.929]", "holds"]], report.Looks!.Rows.Select(row => row.ToArray()));
        Assert.Contains("a bootstrap needs 5 seeds", report.Verdicts[1].Ours[0].Why, StringComparison.Ordinal);
        Assert.InRange(report.Verdicts[0].P, 0.001, 0.05);
        Assert.All([string.Join('\n', ClaimLines.Of(report)), VerdictsMarkdown.Of(report), ReportHtml.Of(report).Replace("\u00a0", " ", StringComparison.Ordinal)],
            text => Assert.Contains("99.28 %", text, StringComparison.Ordinal));
        Assert.DoesNotContain("with 95 % interval |", VerdictsMarkdown.Of(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_its_look_is_complete_a_claim_says_which_one_is_to_come()
    {
        var report = await SweepReportBuilder.From(Rows([.. Enumerable.Range(1, 24)], trial => trial is 4 or 13 ? TrialState.Running : trial is <= 3 or 14 or 15 ? TrialState.Finished : TrialState.Pending));

        Assert.False(report.IsComplete);
        Assert.Equal((Verdict.Undecided, "looks at 3 seeds decided nothing yet; the next is at 5"), (report.Verdicts[0].Verdict, report.Verdicts[0].Looks));
        Assert.Contains("2 of 5 seeds still to come", report.Verdicts[0].Ours[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_that_is_watched_ends_when_nobody_asks_for_more()
    {
        var state = new LiveState(Spec, [], Given.Noon);
        state.Apply(new SweepEvent.SeedsAsked(Spec.Name, [new(1, 2, 3)], false, Given.Noon), Given.Noon);
        foreach (var trial in (int[])[1, 2, 3, 13, 14, 15])
        {
            state.Apply(Given.Finished(Spec, trial, 0.9, 0.8), Given.Noon);
        }

        Assert.False(state.AllEnded);
        Assert.Contains("3 of ≤ 12 seeds", LiveScreen.Summary(state.View(Given.Noon)), StringComparison.Ordinal);

        state.Apply(new SweepEvent.SeedsAsked(Spec.Name, [new(1, 2, 3)], true, Given.Noon), Given.Noon);
        state.Apply(new SweepEvent.SeedsAsked(Spec.Name, [new(1, 2, 3)], false, Given.Noon), Given.Noon); // Late.

        Assert.True(state.AllEnded);
        Assert.Equal((6, 0), (state.View(Given.Noon).Counts.Trials, state.View(Given.Noon).Counts.Pending));
    }

    private static ResultRows Rows(int[] trials, Func<int, TrialState>? state = null)
    {
        var rows = trials.Select(trial => Given.Row(Spec, trial, state?.Invoke(trial) ?? TrialState.Finished, Given.Accuracies(0.65 + (0.05 * ((trial - 1) % 12)), 0.5)));
        return new(Spec, NumericsSettings.Version, () => rows.ToAsyncEnumerable(), AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, AsyncEnumerable.Empty<TrialArray>);
    }
}
