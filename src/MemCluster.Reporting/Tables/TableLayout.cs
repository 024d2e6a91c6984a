using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Tables;

/// <summary>Which axis goes down, which across, and how the others make blocks: by the sweep's own order, which puts noise and capacity first.</summary>
public sealed class TableLayout
{
    /// <summary>Blocks, rows and columns that are kept; a person reads no more on a screen.</summary>
    public const int MaxBlocks = 12, MaxRows = 40, MaxColumns = 40;

    private readonly SweepSpec _spec;

    public TableLayout(SweepSpec spec)
    {
        _spec = spec;
        Grid = new Grid(spec);
        BlockCount = spec.Axes.Skip(2).Aggregate(1L, (product, axis) => product * axis.Values.Length);
    }

    public Grid Grid { get; }

    public long BlockCount { get; }

    public string RowAxis => _spec.Axes.Length > 0 ? _spec.Axes[0].Name : "";

    public string ColumnAxis => _spec.Axes.Length > 1 ? _spec.Axes[1].Name : "";

    public ImmutableArray<string> Rows => Kept(0, MaxRows, "all");

    public ImmutableArray<string> Columns => Kept(1, MaxColumns, "");

    public int HiddenRows => Math.Max(0, (_spec.Axes.Length > 0 ? _spec.Axes[0].Values.Length : 1) - MaxRows);

    public int HiddenColumns => Math.Max(0, (_spec.Axes.Length > 1 ? _spec.Axes[1].Values.Length : 1) - MaxColumns);

    public long HiddenBlocks => Math.Max(0, BlockCount - MaxBlocks);

    /// <summary>Where a trial (from 1) stands in the table.</summary>
    public (int Row, int Column, long Block) Of(int trial) => (
        _spec.Axes.Length > 0 ? Grid.ValueIndexAt(trial - 1, 0) : 0,
        _spec.Axes.Length > 1 ? Grid.ValueIndexAt(trial - 1, 1) : 0,
        Grid.ConfigurationOf(trial - 1) % BlockCount);

    /// <summary><c>regularizer dropout 0.5 · rate 0.1</c>; empty when a block is all there is.</summary>
    public string TitleOf(long block) => string.Join(" · ", Enumerable.Range(2, Math.Max(0, _spec.Axes.Length - 2))
        .Select(axis => $"{_spec.Axes[axis].Name} {_spec.Axes[axis].Values[Grid.ValueIndexAt((int)block * _spec.Seeds.Count, axis)]}"));

    private ImmutableArray<string> Kept(int axis, int most, string without) =>
        _spec.Axes.Length > axis ? [.. _spec.Axes[axis].Values.Take(most)] : [without];
}
