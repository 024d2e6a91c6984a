using System.Collections.Immutable;
using System.Globalization;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>What is drawn of a sweep that names no figures: best and last validation accuracy over an axis of numbers, a line for each value of another.</summary>
internal static class UsualFigures
{
    public static ImmutableArray<Figure> Of(SweepSpec spec)
    {
        var axes = spec.Axes.Select((axis, index) => (Axis: axis, Points: new Points(index, [.. Enumerable.Range(0, axis.Values.Length)])))
            .Where(axis => axis.Axis.Values.Length > 1).ToList();
        if (axes.Count == 0)
        {
            return [];
        }

        var x = axes.Find(axis => axis.Axis.Values.All(IsNumber)) is { Points: not null } numbers ? numbers : axes[0];
        axes.Remove(x);
        var (series, panels) = (axes.ElementAtOrDefault(0).Points, axes.ElementAtOrDefault(1).Points);
        var places = spec.Axes.Select((_, axis) => axis == x.Points.Axis || axis == series?.Axis || axis == panels?.Axis ? -1 : 0).ToImmutableArray();
        var log = x.Axis.Values.All(IsNumber) && Number(x.Axis.Values[0]) > 0 && x.Axis.Values.Max(Number) / x.Axis.Values.Min(Number) >= 8;
        return
        [
            .. new[] { (MeasureNames.ValidationAccuracyBest, "Best validation accuracy"), (MeasureNames.ValidationAccuracyLast, "Last validation accuracy") }
                .Select(measure => new Figure.Lines(measure.Item1.Replace('_', '-'), measure.Item2, "", x.Points,
                    new Term.Leaf(new(measure.Item1, At.Final), places), series, panels, log, false)),
        ];
    }

    public static bool IsNumber(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether these values are one kind at rising levels, <c>none</c> being the lowest: <c>none, label 0.2, label 0.4</c>. Others have no order to draw a line along.</summary>
    public static bool IsLadder(IReadOnlyList<string> values)
    {
        var levels = values.SkipWhile((value, place) => place == 0 && value == "none").Select(value => value.Split(' ')).ToArray();
        return Array.TrueForAll(levels, level => level.Length == 2 && level[0] == levels[0][0] && IsNumber(level[1]))
            && levels.Zip(levels.Skip(1)).All(pair => Number(pair.First[1]) < Number(pair.Second[1]));
    }

    public static double Number(string value) => double.Parse(value, CultureInfo.InvariantCulture);
}
