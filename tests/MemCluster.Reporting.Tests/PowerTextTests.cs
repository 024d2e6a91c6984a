using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Plans;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Tests;

/// <summary>What reports and plans say of the seeds that a claim takes.</summary>
public sealed class PowerTextTests
{
    private const string Yaml = """
        sweep: s
        data: { name: glyphs, train: 100, validation: 1000 }
        axes: { noise: [none, label 0.2] }
        seeds: 4
        claims:
          close: { measure: validation_accuracy_best, each: noise, holds: { none: ">= 0.8", label 0.2: ">= 0.7" } }
          clear: { measure: validation_accuracy_best, where: { noise: none }, holds: ">= 0.5" }
          times: { measure: convergence_epoch, where: { noise: none }, holds: "<= 500" }
        """;

    [Fact]
    public async Task An_undecided_claim_says_on_every_screen_how_many_seeds_would_decide_it()
    {
        var report = await Report(trial => TrialState.Finished);
        var (close, clear, times) = (report.Verdicts[0], report.Verdicts[1], report.Verdicts[2]);

        Assert.Equal((Verdict.Undecided, Verdict.Holds, Verdict.Undecided), (close.Verdict, clear.Verdict, times.Verdict));
        Assert.Matches("^[0-9]+ seeds would decide it \\([0-9]+ if means and spread are as seen\\); label 0.2 takes most$", close.Seeds);
        Assert.Equal("", clear.Seeds);
        Assert.Equal("how many seeds would decide it can't be told: censored", times.Seeds);
        Assert.Contains(ClaimLines.Of(report), line => line.Text == "             " + close.Seeds);
        Assert.Contains($"| **undecided**: {close.Seeds} |", VerdictsMarkdown.Of(report), StringComparison.Ordinal);
        var page = ReportHtml.Of(report);
        Assert.Contains($"undecided</span><div class=\"faint\">{close.Seeds}</div>", page, StringComparison.Ordinal);
        Assert.Contains(PowerText.Meaning, page.Replace("\u00a0%", " %", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_trials_are_to_come_nobody_is_asked_for_more() =>
        Assert.All((await Report(trial => trial == 3 ? TrialState.Pending : TrialState.Finished)).Verdicts, row => Assert.Equal("", row.Seeds));

    [Theory]
    [InlineData(38, 12, false, "38 seeds would decide it (12 if means and spread are as seen)")]
    [InlineData(12, 12, false, "12 seeds would decide it")]
    [InlineData(null, 400, false, "more than 1,000 seeds would decide it (400 if means and spread are as seen)")]
    [InlineData(400, null, false, "400 seeds would decide it (more than 1,000 if means and spread are as seen)")]
    [InlineData(null, null, true, "more than 1,000 seeds would decide it (no number of them if means and spread are as seen)")]
    public void Two_numbers_are_told_apart(int? averaged, int? asSeen, bool isNever, string sentence) =>
        Assert.Equal(sentence, PowerText.Sentence(new(3, new(0.4, 0.1), asSeen, averaged, isNever, "", "")));

    [Fact]
    public void A_plan_with_a_pilot_reads_like_this_and_fits_the_screen()
    {
        var spec = Given.Spec(Yaml.Replace("seeds: 4", "seeds: 6", StringComparison.Ordinal));
        var claims = SweepClaims.Of(spec).Claims;
        var pilot = new PilotSeeds(Given.Spec(Yaml), new Observations.Builder(8, []).Build(), 2, [new("s-pilot")]);
        (Claim, ClaimPower)[] told =
        [
            (claims[0], new(4, new(0.625, 0.03), 9, 31, false, "label 0.2", "")), (claims[1], new(4, new(1, 0), 4, null, false, "", "")),
            (claims[2], new(0, new(double.NaN, double.NaN), null, null, false, "", "censored")),
        ];

        var lines = ClaimPlanText.Lines(spec, told, pilot);

        Assert.Equal(
            """
              With 6 seeds, by 4 seeds of s-pilot, 2 of them among these:
              claim  holds  fails  undecided  seeds for 80 %  if as seen  takes most
              close   62 %    3 %       34 %              31           9  label 0.2
              clear  100 %    0 %        0 %         > 1,000           4
              times      –      –          –               –           –  censored
              Averaged over what these seeds leave open; "if as seen": if means and spread are truly those seen.
            """.ReplaceLineEndings("\n"),
            string.Join('\n', lines));
        (Claim, ClaimPower)[] wide = [.. told.Select(one => (one.Item1 with { Name = new('x', 90) }, one.Item2 with { LeastSure = new('y', 90) }))];
        Assert.All(ClaimPlanText.Lines(spec, wide, pilot), line => Assert.True(line.Text.Length <= Line.Width, line.Text));
        Assert.False(ClaimPlanText.WantsPilot(told));
        Assert.True(ClaimPlanText.WantsPilot(ClaimPowers.Of(spec, claims, null)));
        Assert.Empty(ClaimPlanText.Lines(spec, told, null));
    }

    /// <summary>Of two noises with four seeds each: with wrong labels nearer to what is asked for. No trial converges.</summary>
    private static Task<SweepReport> Report(Func<int, TrialState> state)
    {
        var spec = Given.Spec(Yaml);
        double[] values = [0.84, 0.79, 0.82, 0.86, 0.72, 0.69, 0.71, 0.74];
        return SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(
                spec, trial, state(trial), ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.ValidationAccuracyBest, values[trial - 1]))).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, AsyncEnumerable.Empty<TrialArray>));
    }
}
