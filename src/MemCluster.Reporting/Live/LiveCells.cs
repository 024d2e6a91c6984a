using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Reporting.Tables;

namespace MemCluster.Reporting.Live;

/// <summary>Sums by combination of axis values. Decimal, because its sums don't depend on the order of arrival as those of doubles do.</summary>
internal sealed class LiveCells(TableLayout layout)
{
    /// <summary>Beyond this no screen shows them, and they would cost memory for nothing.</summary>
    public const int Most = 20_000;

    private readonly Sum[] _sums = new Sum[layout.Grid.Configurations];

    public bool Any { get; private set; }

    public void Add(int trial, TrialState state, IReadOnlyDictionary<string, double> measures)
    {
        ref var sum = ref _sums[CellOf(trial)];
        sum.Diverged += state == TrialState.Diverged ? 1 : 0;
        sum.Failed += state is TrialState.Failed or TrialState.Cancelled ? 1 : 0;
        if (state != TrialState.Finished)
        {
            return;
        }

        sum.Finished++;
        if (measures.TryGetValue(MeasureNames.ValidationAccuracyBest, out var best)
            && measures.TryGetValue(MeasureNames.ValidationAccuracyLast, out var last))
        {
            sum.Measured++;
            sum.Best += (decimal)best;
            sum.Last += (decimal)last;
            Any = true;
        }
    }

    /// <summary>A trial that failed or was cancelled is to be trained again.</summary>
    public void Remove(int trial) => _sums[CellOf(trial)].Failed--;

    /// <param name="focus">The trial whose block is shown.</param>
    public LiveBlock Block(int focus, IEnumerable<int> running)
    {
        var (_, _, block) = layout.Of(focus);
        var runs = running.Select(CellOf).GroupBy(cell => cell).ToDictionary(group => group.Key, group => group.Count());
        var (rows, columns) = (layout.Rows, layout.Columns);
        var columnsInAll = columns.Length + layout.HiddenColumns;
        return new(layout.TitleOf(block), layout.RowAxis, layout.ColumnAxis, rows, columns,
            [.. Enumerable.Range(0, rows.Length).Select(row => (ImmutableArray<LiveCell>)
                [.. Enumerable.Range(0, columns.Length).Select(column =>
                {
                    var cell = (int)(((long)row * columnsInAll + column) * layout.BlockCount + block);
                    return _sums[cell].View(runs.GetValueOrDefault(cell));
                })])]);
    }

    private int CellOf(int trial) => layout.Grid.ConfigurationOf(trial - 1);

    private struct Sum
    {
        public int Finished, Diverged, Failed, Measured;
        public decimal Best, Last;

        public readonly LiveCell View(int running) => new(
            Finished, Diverged, Failed, running,
            Measured > 0 ? (double)(Best / Measured) : null, Measured > 0 ? (double)(Last / Measured) : null);
    }
}
