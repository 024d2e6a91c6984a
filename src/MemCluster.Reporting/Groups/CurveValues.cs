using System.Globalization;
using MemCluster.Statistics;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Groups;

/// <summary>
/// Computes the <see cref="CurveMeasures"/>. The curve runs along the axis in which the trials differ; where they differ in their seeds alone,
/// along their epochs.
/// </summary>
internal sealed class CurveValues(Grid grid, TrialErrors errors)
{
    /// <returns>Null where a trial has not ended, or there is no such number.</returns>
    public GroupValue? Of(string name, IReadOnlyList<int> places) => places.Any(place => errors.LastOf(place) is null) ? null : name switch
    {
        CurveMeasures.Complexity => ComplexityOf(places),
        CurveMeasures.Height => HeightOf(Curves(places)),
        _ => PeakOf(Curves(places)),
    };

    /// <summary>
    /// It lies from the largest size that is fitted to the next one tried. Where all are fitted nothing bounds it from above; where none is, it lies
    /// below the smallest.
    /// </summary>
    private GroupValue ComplexityOf(IReadOnlyList<int> places)
    {
        var runs = places.Select(place => (Examples: TrainSize(place), errors.LastOf(place)!.Value.Train)).ToArray();
        var found = EffectiveComplexity.Of(runs);
        var low = found.Examples ?? 0;
        var high = found.IsAtLeast ? double.PositiveInfinity : runs.Where(run => run.Examples > low).Min(run => run.Examples);
        return new(low, low, high);
    }

    private int TrainSize(int place)
    {
        var settings = grid.SettingsAt(place);
        var whole = settings.Data.Train ?? Messages.DataCatalog.Find(settings.Data.Name)?.Train ?? 0;
        return whole - settings.Prune.DroppedOf(whole);
    }

    private static GroupValue? HeightOf((double At, double Error)[][] seeds) =>
        DoubleDescent.HeightOf(seeds) is var (height, low, high) && double.IsNaN(height) ? null : new(height, low, high);

    /// <summary>Of the mean curve; from the first to the last place of those with one seed left out.</summary>
    private static GroupValue? PeakOf((double At, double Error)[][] seeds)
    {
        var found = DoubleDescent.Of(Mean(seeds));
        double[] without = [.. seeds.Select((_, left) => DoubleDescent.Of(Mean([.. seeds.Where((_, seed) => seed != left)])).Peak)];
        return double.IsNaN(found.Peak) ? null
            : seeds.Length < 2 ? new(found.Peak, double.NaN, double.NaN)
            : Array.Exists(without, double.IsNaN) ? new(found.Peak, double.NegativeInfinity, double.PositiveInfinity)
            : new(found.Peak, Math.Min(found.Peak, without.Min()), Math.Max(found.Peak, without.Max()));
    }

    /// <summary>A curve for each seed, in their order.</summary>
    private (double At, double Error)[][] Curves(IReadOnlyList<int> places)
    {
        var (first, last) = (grid.ValuesAt(places[0]), grid.ValuesAt(places[^1]));
        var axis = Enumerable.Range(0, first.Length).FirstOrDefault(place => first[place] != last[place], -1);
        return axis < 0
            ? [.. places.Select(place => errors.EpochsOf(place)!.Select(point => (point.Epoch, point.Error)).ToArray())]
            : [.. places.GroupBy(place => place % grid.Spec.Seeds.Count).OrderBy(seed => seed.Key)
                .Select(seed => seed.Select(place => (AtOf(place, axis), errors.LastOf(place)!.Value.Validation)).ToArray())];
    }

    /// <summary>The axis's number, or the place on it where its values are none.</summary>
    private double AtOf(int place, int axis) =>
        double.TryParse(grid.ValuesAt(place)[axis], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : grid.ValueIndexAt(place, axis);

    private static (double At, double Error)[] Mean((double At, double Error)[][] seeds) => DoubleDescent.Mean(seeds);
}
