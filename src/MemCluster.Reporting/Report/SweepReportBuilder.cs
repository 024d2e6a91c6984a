using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Groups;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Reporting.Report;

/// <summary>A sweep's rows to the report's data.</summary>
public static class SweepReportBuilder
{
    /// <param name="groups">Computes measures over several trials' per-example results; null: from the rows' arrays.</param>
    public static async Task<SweepReport> From(ResultRows rows, GroupMeasure? groups = null, CancellationToken cancel = default)
    {
        var input = await ReportInput.Gather(rows, cancel);
        var spec = input.Spec;
        var gathered = await GroupValues.Over(rows, [.. input.Claims.Claims.SelectMany(claim => claim.Value.Groups).Concat(input.Figures.Figures.SelectMany(figure => figure.Groups)).Distinct()], cancel);
        groups ??= gathered is null ? null : gathered.Of;
        var values = new TermValues(spec, input.Observed, groups);
        var judged = SweepVerdicts.Of(spec, input.Claims.Claims, input.Observed, groups);
        ClaimResult[] results = [.. judged.Select(claim => claim.Result)];
        var figures = new FigureCharts(spec, values, input.Curves, gathered);
        var counts = input.Counts;
        return new(
            spec.Name.Name, spec.Question, Answer(results), Progress(counts), counts.Ended == counts.Trials,
            Rows(judged, spec), [.. input.Claims.Aside, .. input.Figures.Aside],
            [.. input.Figures.Figures.Select(figures.Of).OfType<ReportFigure>()], HeatOf(input), figures.LearningCurves(ReportInput.MostCurvePanels), Troubles(input),
            ProvenanceOf(spec, input.Numerics))
        {
            Intervals = IntervalScope.Of(spec),
            Looks = LooksTable.Of(judged),
        };
    }

    /// <summary>The verdicts of a sweep's claims, without the figures: for the end of a run.</summary>
    public static string InShort(SweepReport report) => report.Verdicts.IsEmpty ? "" : string.Join(", ", new[]
    {
        (Verdict.Holds, "hold"), (Verdict.Fails, "fail"), (Verdict.Undecided, "undecided"),
    }.Select(kind => (Count: report.Verdicts.Count(row => row.Verdict == kind.Item1), kind.Item2)).Where(kind => kind.Count > 0)
        .Select(kind => $"{kind.Count} {kind.Item2}"));

    private static string Answer(ClaimResult[] results)
    {
        if (results.Length == 0)
        {
            return "";
        }

        int Of(Verdict verdict) => results.Count(result => result.Verdict == verdict);
        var parts = new List<string> { $"{Of(Verdict.Holds)} of {Numbers.Count(results.Length, "claim holds", "claims hold")}" };
        if (Of(Verdict.Fails) > 0)
        {
            parts.Add($"{Of(Verdict.Fails)} {(Of(Verdict.Fails) == 1 ? "fails" : "fail")}");
        }

        if (Of(Verdict.Undecided) > 0)
        {
            parts.Add($"{Of(Verdict.Undecided)} {(Of(Verdict.Undecided) == 1 ? "is" : "are")} undecided");
        }

        return string.Join(", ", parts) + ".";
    }

    private static string Progress(TrialCounts counts)
    {
        var odd = new[] { (counts.Diverged, "diverged"), (counts.Failed, "failed"), (counts.Cancelled, "cancelled") }
            .Where(part => part.Item1 > 0).Select(part => $"{Numbers.Count(part.Item1)} {part.Item2}");
        var ended = string.Join(", ", odd.Prepend($"{Numbers.Count(counts.Finished)} finished"));
        return counts.Ended == counts.Trials
            ? $"Complete: {Numbers.Count(counts.Trials, "trial", "trials")}, {ended}."
            : $"Not complete yet: {Numbers.Count(counts.Ended)} of {Numbers.Count(counts.Trials, "trial", "trials")} have ended ({ended}), "
              + $"{Numbers.Count(counts.Running)} running, {Numbers.Count(counts.Pending)} to come. What follows may still change.";
    }

    private static ImmutableArray<VerdictRow> Rows(ImmutableArray<JudgedClaim> judged, SweepSpec spec)
    {
        var adjusted = Holm.Adjusted([.. judged.Select(claim => claim.Result.P)]);
        return [.. judged.Select((claim, place) => Row(claim, spec) with
        {
            P = claim.Result.P,
            AdjustedP = adjusted[place],
            Looks = claim.Looks is { } looks ? LooksTable.InShort(looks) : "",
        })];
    }

    private static VerdictRow Row(JudgedClaim judged, SweepSpec spec)
    {
        var result = judged.Result;
        var claim = result.Claim;
        return new(
            claim.Name, claim.Says.Length > 0 ? claim.Says : claim.Name, ClaimText.Of(claim, spec), claim.Paper, claim.Source,
            [.. result.Parts.Select(part => new VerdictPart(
                part.Label, ReportNumbers.Of(part.Estimate, claim.Seeds == OverSeeds.Every), part.Condition.Text, part.Verdict, part.Why, part.Estimate.Absent))],
            result.Verdict, claim.Note)
        {
            // While trials or looks are to come nobody asks for more of them. One that was looked at again and again is told by what its last look was asked for.
            Seeds = result.Verdict == Verdict.Undecided && judged.Looks is null or { Next: null } && result.Parts.All(part => part.Estimate.Pending == 0)
                ? PowerText.Sentence(ClaimPowers.Of(result, spec.Seeds.Count, level: judged.Looks?.Looks[^1].Planned.Level ?? ClaimVerdicts.Level))
                : "",
        };
    }

    private static ImmutableArray<ReportFigure> HeatOf(ReportInput input)
    {
        var map = input.Heat;
        if (map.Blocks.All(block => block.Cells.All(row => row.All(cell => cell.Value is null))))
        {
            return [];
        }

        return
        [
            new ReportFigure.Heat("heat", $"Best validation accuracy by {string.Join(" and ", new[] { map.RowAxis, map.ColumnAxis }.Where(name => name.Length > 0))}",
                $"Mean over the seeds that finished. More colour is more accurate.{(map.Hidden.Length > 0 ? $" {map.Hidden} more are not shown." : "")}", "",
                map.RowAxis, map.ColumnAxis, map.Rows, map.Columns,
                [.. map.Blocks.Select(block => new HeatPanel(block.Title, [.. block.Cells.Select(row => (ImmutableArray<double?>)[.. row.Select(cell => cell.Value)])]))]),
        ];
    }

    private static ImmutableArray<ReportTable> Troubles(ReportInput input)
    {
        var tables = new List<ReportTable>();
        var counts = input.Counts;
        if (input.Odd.Length > 0)
        {
            tables.Add(new("Failed, diverged or cancelled", "They have no value in the figures and verdicts above.", ["Trial", "Settings", "How", "Why"],
                [true, false, false, false], [.. input.Odd.Select(trial => (ImmutableArray<string>)[Numbers.Count(trial.Trial), trial.Label, trial.State, trial.Why])],
                counts.Failed + counts.Diverged + counts.Cancelled - input.Odd.Length));
        }

        if (input.Times.Length > 0)
        {
            tables.Add(new("Censored: never at 100 % train accuracy", "Their time to convergence is only known to be longer than the epochs run.",
                ["Settings", "Censored", "Epochs run"], [false, true, true],
                [.. input.Times.Select(time => (ImmutableArray<string>)[time.Label, $"{time.Censored} of {time.Finished}", Numbers.Count(time.Epochs)])]));
        }

        if (input.Absent.Length > 0)
        {
            tables.Add(new("Measures that gave no number",
                "\"Not defined\" is what the measure itself says where there is no such number, and no fault; what came out NaN or infinite is one. None of them has a value in the figures and verdicts above.",
                ["Measure", "Why", "Trials", "Numbers", "Which trials"], [false, false, true, true, false],
                [.. input.Absent.Select(absent => (ImmutableArray<string>)
                [
                    absent.Measure, Absences.Words(absent.Word), Numbers.Count(absent.Trials), Numbers.Count(absent.Numbers), absent.Which,
                ])]));
        }

        return [.. tables];
    }

    private static Provenance ProvenanceOf(SweepSpec spec, string numerics) => new(
        spec.Canonical, spec.Digest,
        [.. SettingsVariety.Of(spec, settings => settings.Data.Name).Where(name => name.Length > 0).Select(name => (name, DataCatalog.Find(name)?.Digest ?? ""))],
        spec.Seeds.IsListed ? string.Join(", ", Enumerable.Range(0, Math.Min(50, spec.Seeds.Count)).Select(index => spec.Seeds[index])) + (spec.Seeds.Count > 50 ? " …" : "")
            : spec.Seeds.Count == 1 ? "0" : $"0 to {Numbers.Count(spec.Seeds.Count - 1)}",
        Manifest.CodeVersion, numerics, [$"memcluster run {spec.Name}.yaml", $"memcluster report {spec.Name}"]);
}
