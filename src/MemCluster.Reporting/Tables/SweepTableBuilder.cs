using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Reporting.Tables;

/// <summary>Takes rows one by one and keeps only what the table shows, so that a sweep of a million trials needs no million rows in memory.</summary>
public sealed class SweepTableBuilder
{
    private readonly SweepSpec _spec;
    private readonly TableLayout _layout;
    private readonly TrialTally _tally = new();
    private readonly Dictionary<(int Row, int Column, long Block), Seen> _cells = [];
    private readonly SortedDictionary<int, (int Count, double Sum)> _gaps = [];
    private readonly int _noiseAxis;

    public SweepTableBuilder(SweepSpec spec)
    {
        _spec = spec;
        _layout = new TableLayout(spec);
        _noiseAxis = spec.Axes.Select(axis => axis.Name).ToList().IndexOf("noise");
    }

    public static async Task<SweepTable> From(SweepSpec spec, IAsyncEnumerable<TrialRow> rows, CancellationToken cancel = default)
    {
        var builder = new SweepTableBuilder(spec);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            builder.Add(row);
        }

        return builder.Build();
    }

    public void Add(TrialRow row)
    {
        _tally.Add(row.State);
        var place = _layout.Of(row.Trial);
        if (place.Row < TableLayout.MaxRows && place.Column < TableLayout.MaxColumns && place.Block < TableLayout.MaxBlocks)
        {
            if (!_cells.TryGetValue(place, out var seen))
            {
                _cells.Add(place, seen = new Seen());
            }

            seen.Add(row);
        }

        if (row.State == TrialState.Finished
            && row.Measures.TryGetValue(MeasureNames.ValidationAccuracyBest, out var best)
            && row.Measures.TryGetValue(MeasureNames.ValidationAccuracyLast, out var last))
        {
            var value = _noiseAxis < 0 ? 0 : _layout.Grid.ValueIndexAt(row.Trial - 1, _noiseAxis);
            var (count, sum) = _gaps.GetValueOrDefault(value);
            _gaps[value] = (count + 1, sum + (best - last));
        }
    }

    public SweepTable Build() => new(
        _spec.Name, _tally.Counts, _spec.Seeds.Count, _layout.RowAxis, _layout.ColumnAxis, _layout.Rows, _layout.Columns,
        [.. Enumerable.Range(0, (int)Math.Min(TableLayout.MaxBlocks, _layout.BlockCount)).Select(BlockAt)],
        _layout.HiddenBlocks, _layout.HiddenRows, _layout.HiddenColumns,
        [.. _gaps.Select(gap => new Gap(_noiseAxis < 0 ? "" : _spec.Axes[_noiseAxis].Values[gap.Key], gap.Value.Sum / gap.Value.Count))])
    {
        LeastSeeds = _spec.Replicates?.AtLeast ?? _spec.Seeds.Count,
    };

    private TableBlock BlockAt(int block) => new(_layout.TitleOf(block),
        [.. Enumerable.Range(0, _layout.Rows.Length).Select(row => (ImmutableArray<TableCell>)
            [.. Enumerable.Range(0, _layout.Columns.Length).Select(column =>
                _cells.TryGetValue((row, column, block), out var seen) ? seen.Cell() : new TableCell(0, 0, 0, null, null))])]);

    private sealed class Seen
    {
        private readonly List<double> _best = [];
        private int _finished;
        private int _diverged;
        private int _failed;

        public void Add(TrialRow row)
        {
            _finished += row.State == TrialState.Finished ? 1 : 0;
            _diverged += row.State == TrialState.Diverged ? 1 : 0;
            _failed += row.State is TrialState.Failed or TrialState.Cancelled ? 1 : 0;
            if (row.State == TrialState.Finished && row.Measures.TryGetValue(MeasureNames.ValidationAccuracyBest, out var best))
            {
                _best.Add(best);
            }
        }

        public TableCell Cell()
        {
            if (_best.Count == 0)
            {
                return new(_finished, _diverged, _failed, null, null);
            }

            var best = Summary.Of(CollectionsMarshal.AsSpan(_best));
            return new(_finished, _diverged, _failed, best.Mean, best.Count > 1 ? best.High - best.Mean : null);
        }
    }
}
