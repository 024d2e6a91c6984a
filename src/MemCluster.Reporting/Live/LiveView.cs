using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Reporting.Live;

/// <summary>What the screen shows of a sweep at one moment.</summary>
/// <param name="EpochsPerSecond">Over the last seconds.</param>
/// <param name="SecondsLeft">Null until there is a pace to go by.</param>
/// <param name="Block">The part of the table that is being worked on; null when the sweep is too large for one, or has no accuracies.</param>
/// <param name="Running">By trial.</param>
public sealed record LiveView(
    SweepId Sweep, TrialCounts Counts, double EpochsPerSecond, double TrialsPerSecond, double? SecondsLeft,
    LiveBlock? Block, ImmutableArray<LiveTrial> Running)
{
    /// <summary>Seeds that its claims have asked for, as far as was heard; null where they don't ask, or nothing was.</summary>
    public SeedsSoFar? Seeds { get; init; }
}

/// <param name="Title">The values of the axes that are neither down nor across.</param>
public sealed record LiveBlock(
    string Title, string RowAxis, string ColumnAxis, ImmutableArray<string> Rows, ImmutableArray<string> Columns,
    ImmutableArray<ImmutableArray<LiveCell>> Cells);

/// <param name="Best">Mean best validation accuracy of the finished seeds; null when none has one.</param>
/// <param name="Last">Mean last validation accuracy.</param>
public readonly record struct LiveCell(int Finished, int Diverged, int Failed, int Running, double? Best, double? Last);

/// <param name="Epoch">Epochs measured; 0 before the first.</param>
public sealed record LiveTrial(int Trial, int Attempt, string Trainer, int Epoch, double? TrainAccuracy, double? ValidationAccuracy);
