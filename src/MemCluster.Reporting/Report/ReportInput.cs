using System.Collections.Immutable;
using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Tables;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>What a report is made of, gathered from a sweep's rows in one pass over each; it holds what is shown and no row more.</summary>
internal sealed class ReportInput
{
    /// <summary>Panels of learning curves; a page with more of them is not read.</summary>
    public const int MostCurvePanels = 24;

    private const int MostOdd = 40;

    public required SweepSpec Spec { get; init; }

    public required string Numerics { get; init; }

    public required ClaimsRead Claims { get; init; }

    public required FiguresRead Figures { get; init; }

    public required Observations Observed { get; init; }

    public required CurveSums Curves { get; init; }

    public required TrialCounts Counts { get; init; }

    public required HeatMap Heat { get; init; }

    /// <summary>Trials without a result or diverged, with why.</summary>
    public required ImmutableArray<(int Trial, string Label, string State, string Why)> Odd { get; init; }

    /// <summary>By configuration: finished trials, and those of them that did not converge.</summary>
    public required ImmutableArray<(string Label, int Finished, int Censored, int Epochs)> Times { get; init; }

    /// <summary>Measures with numbers that are not finite, faults first.</summary>
    public required ImmutableArray<AbsentMeasure> Absent { get; init; }

    public static async Task<ReportInput> Gather(ResultRows rows, CancellationToken cancel)
    {
        var (spec, grid) = (rows.Spec, new Grid(rows.Spec));
        var (claims, figures) = (SweepClaims.Of(spec), SweepClaims.FiguresOf(spec));
        if (figures.Figures.IsEmpty)
        {
            figures = figures with { Figures = UsualFigures.Of(spec) };
        }

        var needed = claims.Claims.SelectMany(claim => claim.Value.Measures).Concat(figures.Figures.SelectMany(MeasuresOf))
            .Append(new(MeasureNames.ConvergenceEpoch, At.Final));
        var observed = new Observations.Builder(grid.Count, needed, TrialScale.Of(spec, grid.SettingsAt));
        var heat = new HeatMapBuilder(spec, MeasureNames.ValidationAccuracyBest, row =>
            row.State == TrialState.Finished && row.Measures.TryGetValue(MeasureNames.ValidationAccuracyBest, out var best) ? best : null);
        var tally = new TrialTally();
        var odd = new List<(int Trial, string Label, string State, string Why)>();
        var absent = new AbsentMeasures();
        var times = new SortedDictionary<int, (int Finished, int Censored, int Epochs)>();
        await foreach (var row in rows.Trials().WithCancellation(cancel))
        {
            tally.Add(row.State);
            observed.Add(row);
            heat.Add(row);
            absent.Add(row);
            if (row.State is TrialState.Failed or TrialState.Cancelled or TrialState.Diverged && odd.Count < MostOdd)
            {
                odd.Add((row.Trial, grid.LabelAt(row.Trial - 1), Numbers.StateName(row.State), row.State == TrialState.Diverged
                    ? string.Create(CultureInfo.InvariantCulture, $"the loss became infinite or NaN after epoch {row.Epochs}") : ""));
            }

            if (row.State == TrialState.Finished && row.Measures.ContainsKey(MeasureNames.TrainAccuracy))
            {
                var (finished, censored, epochs) = times.GetValueOrDefault(grid.ConfigurationOf(row.Trial - 1));
                times[grid.ConfigurationOf(row.Trial - 1)] = (finished + 1,
                    censored + (row.Measures.ContainsKey(MeasureNames.ConvergenceEpoch) ? 0 : 1), Math.Max(epochs, row.Epochs));
            }
        }

        var curves = new CurveSums(spec, figures.Figures.OfType<Figure.Curves>(), MostCurvePanels);
        await foreach (var row in rows.Measures().WithCancellation(cancel))
        {
            observed.Add(row);
            curves.Add(row);
        }

        await foreach (var row in rows.Absent().WithCancellation(cancel))
        {
            absent.Add(row);
        }

        return new()
        {
            Spec = spec,
            Absent = absent.All(),
            Numerics = rows.NumericsVersion,
            Claims = claims,
            Figures = figures,
            Observed = observed.Build(),
            Curves = curves,
            Counts = tally.Counts,
            Heat = heat.Build(),
            Odd = await WithReasons(odd, rows, cancel),
            Times = [.. times.Where(time => time.Value.Censored > 0).Take(MostOdd).Select(time =>
                (grid.LabelAt(time.Key * spec.Seeds.Count)[..grid.LabelAt(time.Key * spec.Seeds.Count).LastIndexOf("seed", StringComparison.Ordinal)].TrimEnd(' ', '·'),
                    time.Value.Finished, time.Value.Censored, time.Value.Epochs))],
        };
    }

    private static async Task<ImmutableArray<(int, string, string, string)>> WithReasons(
        List<(int Trial, string Label, string State, string Why)> odd, ResultRows rows, CancellationToken cancel)
    {
        if (odd.Exists(trial => trial.Why.Length == 0))
        {
            var reasons = new Dictionary<int, string>();
            await foreach (var attempt in rows.Attempts().WithCancellation(cancel))
            {
                reasons[attempt.Trial] = attempt.Ended;
            }

            odd = [.. odd.Select(trial => trial.Why.Length > 0 ? trial : trial with { Why = reasons.GetValueOrDefault(trial.Trial, "") })];
        }

        return [.. odd];
    }

    private static IEnumerable<MeasureRef> MeasuresOf(Figure figure) => figure switch
    {
        Figure.Lines lines => lines.Y.Measures,
        Figure.Envelope envelope => envelope.X.Measures.Concat(envelope.Y.Measures),
        _ => [],
    };
}
