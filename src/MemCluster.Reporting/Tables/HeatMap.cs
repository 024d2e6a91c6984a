using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Reporting.Tables;

/// <summary>A measure over the first two axes of a sweep, a block for each combination of the others, as far as it is.</summary>
/// <param name="Measure">A column of trials.csv.</param>
/// <param name="Blocks">Those that have a trial in the selection.</param>
/// <param name="Hidden">Blocks, rows and columns beyond what a screen shows.</param>
public sealed record HeatMap(
    SweepId Sweep, string Measure, string RowAxis, string ColumnAxis, ImmutableArray<string> Rows, ImmutableArray<string> Columns,
    ImmutableArray<HeatBlock> Blocks, string Hidden);

/// <param name="Title">The values of the other axes; empty when there are none.</param>
public sealed record HeatBlock(string Title, ImmutableArray<ImmutableArray<HeatCell>> Cells);

/// <summary>The seeds of one combination of axis values.</summary>
/// <param name="Value">Mean over the seeds that have one; null when none has.</param>
/// <param name="Empty">Failed or cancelled, or ended without this measure.</param>
public readonly record struct HeatCell(double? Value, int Measured, int Empty, int Running, int Pending)
{
    /// <summary>No trial of the selection is here.</summary>
    public bool IsNone => Measured + Empty + Running + Pending == 0;
}

/// <summary>Builds a <see cref="HeatMap"/> row by row; memory is that of the cells shown.</summary>
public sealed class HeatMapBuilder(SweepSpec spec, string measure, Func<TrialRow, double?> valueOf)
{
    private readonly TableLayout _layout = new(spec);
    private readonly SortedDictionary<long, Sum[,]> _blocks = [];
    private readonly HashSet<long> _hidden = [];

    public void Add(TrialRow row)
    {
        var (down, across, block) = _layout.Of(row.Trial);
        if (!_blocks.TryGetValue(block, out var sums))
        {
            if (_blocks.Count == TableLayout.MaxBlocks)
            {
                _hidden.Add(block);
                return;
            }

            _blocks[block] = sums = new Sum[_layout.Rows.Length, _layout.Columns.Length];
        }

        if (down < _layout.Rows.Length && across < _layout.Columns.Length)
        {
            sums[down, across].Add(row.State, row.State is TrialState.Finished or TrialState.Diverged ? valueOf(row) : null);
        }
    }

    public HeatMap Build() => new(
        spec.Name, measure, _layout.RowAxis, _layout.ColumnAxis, _layout.Rows, _layout.Columns,
        [.. _blocks.Select(block => new HeatBlock(_layout.TitleOf(block.Key),
            [.. Enumerable.Range(0, _layout.Rows.Length).Select(row => (ImmutableArray<HeatCell>)
                [.. Enumerable.Range(0, _layout.Columns.Length).Select(column => block.Value[row, column].Cell)])]))],
        string.Join(", ", new[] { (_hidden.Count, "blocks"), (_layout.HiddenRows, "rows"), (_layout.HiddenColumns, "columns") }
            .Where(part => part.Item1 > 0).Select(part => $"{Numbers.Count(part.Item1)} {part.Item2}")));

    private struct Sum
    {
        private int _measured, _empty, _running, _pending;
        private double _sum;

        public readonly HeatCell Cell => new(_measured > 0 ? _sum / _measured : null, _measured, _empty, _running, _pending);

        public void Add(TrialState state, double? value)
        {
            switch (state)
            {
                case TrialState.Pending:
                    _pending++;
                    break;
                case TrialState.Running:
                    _running++;
                    break;
                default:
                    _measured += value is null ? 0 : 1;
                    _empty += value is null ? 1 : 0;
                    _sum += value ?? 0;
                    break;
            }
        }
    }
}
