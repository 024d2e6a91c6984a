using System.Runtime.InteropServices;
using MemCluster.Messages;
using MemCluster.Statistics;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>The seeds' values after each epoch, for the configurations that are drawn.</summary>
internal sealed class CurveSums
{
    private readonly Dictionary<(int Configuration, string Measure), SortedDictionary<int, List<double>>> _epochs = [];
    private readonly Grid _grid;

    public CurveSums(SweepSpec spec, IEnumerable<Figure.Curves> figures, int panels)
    {
        _grid = new(spec);
        foreach (var configuration in Enumerable.Range(0, Math.Min(panels, _grid.Configurations)))
        {
            Want(configuration, MeasureNames.TrainAccuracy);
            Want(configuration, MeasureNames.ValidationAccuracy);
        }

        foreach (var figure in figures)
        {
            foreach (var (series, panel) in Places(figure))
            {
                Want(ConfigurationOf(spec, figure, series, panel), figure.Measure);
            }
        }
    }

    public void Add(MeasureRow row)
    {
        if (row.Value is { } value && _epochs.TryGetValue((_grid.ConfigurationOf(row.Trial - 1), row.Measure), out var epochs))
        {
            if (!epochs.TryGetValue(row.Epoch, out var values))
            {
                epochs.Add(row.Epoch, values = []);
            }

            values.Add(value);
        }
    }

    public IEnumerable<ChartPoint> Points(int configuration, string measure) =>
        (_epochs.GetValueOrDefault((configuration, measure)) ?? []).Select(epoch =>
        {
            var seeds = Summary.Of(CollectionsMarshal.AsSpan(epoch.Value));
            return MeasureNames.IsShare(measure)
                ? new ChartPoint(epoch.Key, seeds.Mean, Math.Max(0, seeds.Low), Math.Min(1, seeds.High))
                : new ChartPoint(epoch.Key, seeds.Mean, seeds.Low, seeds.High);
        });

    /// <summary>Each pair of a value of the series' axis and one of the panels'; −1 where the figure has no such axis.</summary>
    public static IEnumerable<(int Series, int Panel)> Places(Figure figure) =>
        from panel in figure.Panels is { } panels ? panels.Values.AsEnumerable() : [-1]
        from series in figure.Series is { } of ? of.Values.AsEnumerable() : [-1]
        select (series, panel);

    public static int ConfigurationOf(SweepSpec spec, Figure.Curves figure, int series, int panel)
    {
        var configuration = 0;
        for (var axis = 0; axis < spec.Axes.Length; axis++)
        {
            var place = figure.Places[axis] >= 0 ? figure.Places[axis]
                : axis == figure.Series?.Axis ? series
                : axis == figure.Panels?.Axis ? panel : 0;
            configuration = configuration * spec.Axes[axis].Values.Length + place;
        }

        return configuration;
    }

    private void Want(int configuration, string measure) => _epochs.TryAdd((configuration, measure), []);
}
