using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Reporting.Groups;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>The figures of a spec, with the sweep's numbers in them.</summary>
internal sealed class FigureCharts(SweepSpec spec, TermValues values, CurveSums curves, GroupValues? groups)
{
    private string Intervals => $"Mean over {SeedsText.Of(spec)} with Student's 95 % interval.";

    /// <returns>Null when there is nothing to draw yet.</returns>
    public ReportFigure? Of(Figure figure)
    {
        if (figure is Figure.Scatter scatter)
        {
            return groups is null ? null : new Scatters(values, groups, ValueOf).Of(scatter);
        }

        ReportFigure.Chart chart = figure switch
        {
            Figure.Lines lines => Lines(lines),
            Figure.Curves drawn => Curves(drawn),
            Figure.Envelope envelope => Envelope(envelope),
            Figure.Examples examples => Examples(examples),
            _ => throw new NotSupportedException($"No rule for {figure.GetType().Name}."),
        };
        return chart.Panels.Any(panel => panel.Series.Any(series => series.Points.Length > 0)) ? chart : null;
    }

    /// <summary>Train and validation accuracy after each epoch, a panel per cell.</summary>
    public ImmutableArray<ReportFigure> LearningCurves(int most)
    {
        var grid = new Grid(spec);
        var panels = Enumerable.Range(0, Math.Min(most, grid.Configurations)).Select(configuration => new ChartPanel(
            string.Join(" · ", grid.ValuesAt(configuration * spec.Seeds.Count).Where((_, axis) => spec.Axes[axis].Values.Length > 1)),
            [
                new("train", 0, [.. curves.Points(configuration, MeasureNames.TrainAccuracy)], IsCurve: true),
                new("validation", 1, [.. curves.Points(configuration, MeasureNames.ValidationAccuracy)], IsCurve: true),
            ])).Where(panel => panel.Series.Any(series => series.Points.Length > 0)).ToImmutableArray();
        return panels.IsEmpty ? [] :
        [
            new ReportFigure.Chart("learning-curves", "Learning curves by cell",
                $"Solid: train accuracy against the labels given. Dashed: validation accuracy. Mean over those of {SeedsText.Of(spec)} that reached the epoch, the band Student's 95 % interval.{(grid.Configurations > most ? $" The first {most} of {Numbers.Count(grid.Configurations)} cells." : "")}",
                "", "epoch", "accuracy", [], false, false, panels),
        ];
    }

    private ReportFigure.Chart Lines(Figure.Lines figure)
    {
        var axis = spec.Axes[figure.X.Axis];
        var numeric = figure.X.Values.All(place => UsualFigures.IsNumber(axis.Values[place]));
        var hasBounds = false;
        var panels = Panels(figure, (at, name, style) =>
        {
            var points = figure.X.Values.Select((place, index) =>
            {
                var estimate = values.EstimateOf(OverSeeds.Mean, figure.Y, at.SetItem(figure.X.Axis, place));
                hasBounds |= estimate.Censored > 0;
                return new ChartPoint(numeric ? UsualFigures.Number(axis.Values[place]) : index + 1, estimate.Value, estimate.Low, estimate.High, estimate.Censored > 0);
            }).Where(point => double.IsFinite(point.Y));
            return new(name, style, [.. numeric ? points.OrderBy(point => point.X) : points], IsLoose: !numeric && !UsualFigures.IsLadder([.. figure.X.Values.Select(place => axis.Values[place])]));
        });
        var seeds = figure.Y.HasGroup ? $"All {Numbers.Count(spec.Replicates?.AtLeast ?? spec.Seeds.Count, "seed", "seeds")} together, with 95 % intervals." : spec.Seeds.Count > 1 ? Intervals : "One seed: no interval.";
        return new(
            figure.Name, figure.Title, hasBounds ? $"{seeds} Open markers are bounds: some seeds were censored, and the true value lies beyond." : seeds, figure.Source,
            LabelOf(figure.X.Axis), ShortOf(figure.Y), numeric ? [] : [.. figure.X.Values.Select(place => axis.Values[place])], figure.LogX && numeric, figure.LogY, panels);
    }

    private ReportFigure.Chart Curves(Figure.Curves figure)
    {
        var panels = Panels(figure, (at, name, style) => new(
            name, style,
            [.. curves.Points(CurveSums.ConfigurationOf(spec, figure, figure.Series is { } series ? at[series.Axis] : -1, figure.Panels is { } panel ? at[panel.Axis] : -1), figure.Measure)],
            IsCurve: true));
        return new(figure.Name, figure.Title, $"Mean over those of {SeedsText.Of(spec)} that reached the epoch; the band is Student's 95 % interval.", figure.Source, "epoch", figure.Measure.Replace('_', ' '), [], figure.LogX, figure.LogY, panels);
    }

    private ReportFigure.Chart Envelope(Figure.Envelope figure)
    {
        var axis = spec.Axes[figure.Over.Axis];
        var series = new List<ChartSeries>();
        foreach (var kind in figure.Over.Values.GroupBy(place => axis.Values[place].Split(' ')[0]))
        {
            var points = kind.Select(place =>
            {
                var at = values.Nowhere.SetItem(figure.Over.Axis, place);
                var (x, y) = (values.EstimateOf(OverSeeds.Mean, figure.X, at), values.EstimateOf(OverSeeds.Mean, figure.Y, at));
                return new ChartPoint(x.Value, y.Value, y.Low, y.High);
            }).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).OrderBy(point => point.X).ToArray();
            var best = double.NegativeInfinity;
            var envelope = points.Select(point => point with { Y = best = Math.Max(best, point.Y), Low = double.NaN, High = double.NaN });
            series.Add(new(kind.Key, series.Count, [.. envelope], IsStep: true));
        }

        return new(
            figure.Name, figure.Title, $"Steps: the best y among the settings whose x is at most so much. Means over {SeedsText.Of(spec)}; no interval, and the best is chosen by the numbers shown.", figure.Source,
            ShortOf(figure.X), ShortOf(figure.Y), [], false, false, [new("", [.. series])]);
    }

    /// <summary>The line of the first series, real data in the paper, goes without its coin flips: nobody takes it for them.</summary>
    private ReportFigure.Chart Examples(Figure.Examples figure)
    {
        double[]? SharesAt(ImmutableArray<int> at) => groups?.FirstEpochShares(values.TrialsOf(figure.Runs, at));
        ChartSeries Line(ImmutableArray<int> at, string name, int style) => new(name, style, SharesAt(at) is { } shares ? ExampleShares.Points(shares) : [], IsCurve: true);
        ChartSeries Chance(ImmutableArray<int> at, string name, int style) => new(
            $"chance, {name}", style + Math.Max(1, figure.Series?.Values.Length ?? 1),
            SharesAt(at) is { } shares && (style > 0 || figure.Series is null) ? ExampleShares.Points(ExampleShares.Chance(shares, values.TrialsOf(figure.Runs, at).Count)) : [], IsCurve: true);

        var panels = Panels(figure, Line).Zip(Panels(figure, Chance), (own, chance) => own with { Series = [.. own.Series, .. chance.Series.Where(series => series.Points.Length > 0)] });
        return new(
            figure.Name, figure.Title, "Each training example's share of the runs in which it was right after the first epoch, sorted. Chance: binomial draws with the mean of that line.",
            figure.Source, "training example, from the hardest to the easiest", "P(correct)", [], false, false, [.. panels]);
    }

    private ImmutableArray<ChartPanel> Panels(Figure figure, Func<ImmutableArray<int>, string, int, ChartSeries> seriesAt)
    {
        return
        [
            .. CurveSums.Places(figure).GroupBy(place => place.Panel).Select(panel => new ChartPanel(
                figure.Panels is { } panels ? ValueOf(panels.Axis, panel.Key) : "",
                [.. panel.Select((place, style) =>
                {
                    var at = values.Nowhere;
                    at = figure.Panels is { } down ? at.SetItem(down.Axis, place.Panel) : at;
                    at = figure.Series is { } across ? at.SetItem(across.Axis, place.Series) : at;
                    return seriesAt(at, figure.Series is { } named ? ValueOf(named.Axis, place.Series) : "", style);
                })])),
        ];
    }

    /// <summary>A value as a name by itself: numbers need their axis beside them, and <c>none</c> says of what.</summary>
    private string ValueOf(int axis, int place)
    {
        var (name, value) = (spec.Axes[axis].Name, spec.Axes[axis].Values[place]);
        return value == "none" ? $"no {name}" : UsualFigures.IsNumber(value) ? $"{name} {value}" : value;
    }

    private string LabelOf(int axis) => SettingsSchema.Find(spec.Axes[axis].Name) is { Unit: { Length: > 0 } unit } ? $"{spec.Axes[axis].Name} ({unit})" : spec.Axes[axis].Name;

    /// <summary>An axis title: the measure alone where it is one, else the whole term.</summary>
    private string ShortOf(Term term) => term switch
    {
        Term.Leaf leaf => leaf.Measure.ToString().Replace('_', ' '),
        Term.Group group => group.Name.Replace('_', ' '),
        Term.Ratio { Above: Term.Leaf above, Below: Term.Leaf below } when above.Measure == below.Measure => $"{above.Measure.ToString().Replace('_', ' ')}, relative",
        Term.Difference { First: Term.Leaf first, Second: Term.Leaf second } when first.Measure == second.Measure => $"{first.Measure.ToString().Replace('_', ' ')}, difference",
        Term.Difference { First: Term.Leaf first, Second: Term.Leaf second } => $"{first.Measure} − {second.Measure}".Replace('_', ' '),
        _ => ClaimText.Of(term, spec),
    };
}
