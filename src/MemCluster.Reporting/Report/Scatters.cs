using System.Collections.Immutable;
using MemCluster.Reporting.Groups;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>Two scores of a sweep's examples as a figure.</summary>
/// <param name="valueOf">The name of a value, by axis and place.</param>
internal sealed class Scatters(TermValues values, GroupValues groups, Func<int, int, string> valueOf)
{
    /// <returns>Null when there is nothing to draw yet.</returns>
    public ReportFigure.Density? Of(Figure.Scatter figure)
    {
        var panels = CurveSums.Places(figure).Select(place =>
        {
            var at = figure.Panels is { } axis ? values.Nowhere.SetItem(axis.Axis, place.Panel) : values.Nowhere;
            var trials = values.TrialsOf(figure.Runs, at);
            return (Title: figure.Panels is { } named ? valueOf(named.Axis, place.Panel) : "", Pairs: groups.Pairs(figure.Scores, trials), Trials: trials);
        }).Where(panel => panel.Pairs is { First.Length: > 0 }).ToArray();
        if (panels.Length == 0)
        {
            return null;
        }

        // One scale for all panels, so that they can be compared.
        var x = Scale.Over(panels.SelectMany(panel => panel.Pairs!.First), figure.LogX, 0, 1);
        var y = Scale.Over(panels.SelectMany(panel => panel.Pairs!.Second), figure.LogY, 0, ReportFigure.Density.Aspect);
        var drawn = panels.Select(panel => Panel(panel.Title, panel.Pairs!, groups.Of(figure.Runs.Name, panel.Trials), x, y)).ToImmutableArray();
        return new(
            figure.Name, figure.Title, Caption(drawn, panels.Select(panel => panel.Trials.Count).Max(), panels.Sum(panel => Beyond(panel.Pairs!, x, y))),
            figure.Source, figure.Scores.First.Replace('_', ' '), figure.Scores.Second.Replace('_', ' '), x, y, drawn);
    }

    private static DensityPanel Panel(string title, ScorePairs pairs, GroupValue? correlation, Scale x, Scale y)
    {
        int[] shown = [.. Enumerable.Range(0, pairs.First.Length).Where(example => Fits(pairs.First[example], x) && Fits(pairs.Second[example], y))];
        var says = correlation is { Missing: Missing.No } found
            ? $"Spearman’s ρ {ReportNumbers.Of(found.Value)} [{ReportNumbers.Of(found.Low)}, {ReportNumbers.Of(found.High)}]" : "no rank correlation";
        return new(title, $"{says}, n = {Numbers.Count(pairs.First.Length)}", HexagonalBins.Of(
            Array.ConvertAll(shown, example => x.At(pairs.First[example])), Array.ConvertAll(shown, example => y.At(pairs.Second[example])),
            Array.ConvertAll(shown, example => pairs.Wrong[example]), ReportFigure.Density.BinWidth));
    }

    private static string Caption(ImmutableArray<DensityPanel> panels, int trials, int beyond)
    {
        var says = string.Join("; ", panels.Select(panel => panel.Title.Length > 0 ? $"{panel.Title}: {panel.Says}" : panel.Says));
        var most = panels.SelectMany(panel => panel.Bins).Select(bin => bin.Count).DefaultIfEmpty(0).Max();
        return $"Each training example, over {Numbers.Count(trials, "trial", "trials")}. More colour is more examples, by the logarithm of their number (at most {Numbers.Count(most)} in a hexagon)."
            + (panels.Any(panel => panel.Bins.Any(bin => bin.Marked > 0)) ? " Diamonds: wrong examples, larger for more of them." : "")
            + $" {says}. With 95 % intervals, by a jackknife over trials and examples."
            + (beyond > 0 ? $" {Numbers.Count(beyond, "example is", "examples are")} infinite, or not above 0 on a logarithmic scale: ranked, but not drawn." : "");
    }

    private static int Beyond(ScorePairs pairs, Scale x, Scale y) => pairs.First.Zip(pairs.Second).Count(pair => !Fits(pair.First, x) || !Fits(pair.Second, y));

    private static bool Fits(double value, Scale scale) => double.IsFinite(value) && (!scale.Log || value > 0);
}
