using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary>Everything that the commands reach outside this project for, so that tests can stand in for any of it.</summary>
public sealed record Doors
{
    public required Func<LocalNodeOptions, CancellationToken, Task<ILocalNode>> StartNode { get; init; }

    /// <summary>The process that runs on this home, else its database for reading; throws <see cref="UserError"/> when there is neither.</summary>
    public required Func<string, Reach, CancellationToken, Task<IOperator>> OpenHome { get; init; }

    /// <summary>Sees to it that a home nobody works on can be read to the last event of its journal; after a crash its rows may lag behind.</summary>
    public required Func<string, CancellationToken, Task> CatchUp { get; init; }

    /// <summary>By epoch, the digests of a trial's weights that stand in a home's journal itself: sweep, trial from 1, attempt.</summary>
    public required Func<string, SweepId, int, int, CancellationToken, Task<IReadOnlyDictionary<int, string>>> JournalledWeights { get; init; }

    /// <summary>A coordinator by its address.</summary>
    public required Func<Reach, IOperator> At { get; init; }

    /// <summary>Null, or the sentence that says what is missing; the second is <c>--data</c>.</summary>
    public required Func<DataSettings, string?, string?> CheckData { get; init; }

    public required IDataDoor Data { get; init; }

    /// <summary>Trains one trial on a thread of its own; throws <see cref="UserError"/> where this machine can't, and is done when the thread is.</summary>
    public required Func<Retraining, CancellationToken, Task<TrialOutcome>> Train { get; init; }

    /// <summary>Serves until the process is told to stop; returns the exit code.</summary>
    public required Func<NodeValues, Task<int>> Coordinator { get; init; }

    /// <summary>Trains until the process is told to stop; returns the exit code.</summary>
    public required Func<NodeValues, Task<int>> Trainer { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
