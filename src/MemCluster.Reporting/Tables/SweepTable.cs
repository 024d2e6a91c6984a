using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Reporting.Tables;

/// <summary>
/// What is shown at the end of a sweep: best validation accuracy by the first axis (down) and the second (across), a block for each
/// combination of the others, and by noise how far the last epoch fell below the best.
/// </summary>
/// <param name="RowAxis">Empty when the sweep has no axes.</param>
/// <param name="ColumnAxis">Empty when it has fewer than two.</param>
/// <param name="HiddenBlocks">Combinations beyond those kept: a table for reading has an end, trials.csv has them all.</param>
/// <param name="HiddenRows">Values of the first axis beyond those kept.</param>
/// <param name="HiddenColumns">Values of the second axis beyond those kept.</param>
/// <param name="Gaps">By the value of the noise axis, or one without a name; empty where nothing was measured.</param>
public sealed record SweepTable(
    SweepId Sweep, TrialCounts Counts, int Seeds, string RowAxis, string ColumnAxis,
    ImmutableArray<string> Rows, ImmutableArray<string> Columns, ImmutableArray<TableBlock> Blocks,
    long HiddenBlocks, int HiddenRows, int HiddenColumns, ImmutableArray<Gap> Gaps)
{
    /// <summary>Of the configuration with the fewest, where claims ask for seeds; else as many as all have.</summary>
    public int LeastSeeds { get; init; } = Seeds;

    /// <summary>A sweep of sleeping trials has none.</summary>
    public bool HasAccuracies => Blocks.Any(block => block.Cells.Any(row => row.Any(cell => cell.Mean is not null)));
}

/// <param name="Title">The values of the axes that are neither down nor across: <c>regularizer none</c>; empty when there are none.</param>
/// <param name="Cells">By row, then column.</param>
public sealed record TableBlock(string Title, ImmutableArray<ImmutableArray<TableCell>> Cells);

/// <summary>One combination of axis values over its seeds.</summary>
/// <param name="Finished">Trials that the mean is over; diverged ones are counted but not averaged, their last finite epoch says little.</param>
/// <param name="Mean">Of the best validation accuracy; null when nothing was measured.</param>
/// <param name="HalfWidth">Of the 95 % interval (Student's t over seeds); null with fewer than two.</param>
public sealed record TableCell(int Finished, int Diverged, int Failed, double? Mean, double? HalfWidth);

/// <summary>Best minus last validation accuracy, mean over the finished trials: what was learned first and then overwritten by memorizing.</summary>
public sealed record Gap(string Value, double Mean);
