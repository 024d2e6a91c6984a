using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>How a trainer works. Nothing here can change a result.</summary>
public sealed record TrainerOptions
{
    /// <summary>Unique in the cluster. A name of one's own lets a restarted trainer's trials be taken up at once rather than after a lease.</summary>
    public string Name { get; init; } = $"{Environment.MachineName.ToLowerInvariant()}-{Environment.ProcessId}";

    /// <summary>Trials trained at once, each on a thread or in a process of its own; by default one a core.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>What sweeps may ask for by name (<c>requires: { label: gpu }</c>).</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>
    /// Bytes that the trials of sweeps with <c>requires: { memory: … }</c> may ask for together; by default what the machine, or the
    /// container around this process, has.
    /// </summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Folder of data sets, searched before <c>MEMCLUSTER_DATA</c> and the cache; null: only those.</summary>
    public string? Data { get; init; }

    /// <summary>What the process pins its arithmetic to; it is announced, and only sweeps that ask for it come. On a graphics card: <c>cuda</c>.</summary>
    public string InstructionSet { get; init; } = NumericsSettings.Avx2;

    /// <summary>
    /// Folder where trials are kept between epochs, so that another attempt goes on from there; machines may share it. Null: an attempt always
    /// begins at the beginning.
    /// </summary>
    public string? Checkpoints { get; init; }

    /// <summary>A trial is kept at most so often: a checkpoint of a large network takes about as long as a copy of it to that disk.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A drain stops what is still in its epoch after this long.</summary>
    public TimeSpan DrainWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where probes ask for this trainer's health; null: nowhere.</summary>
    public (string Host, int Port)? Health { get; init; }

    /// <summary>Made before the node, where there is something to begin with meanwhile; null: made with it, for <see cref="Data"/>.</summary>
    public ITraining? Training { get; init; }

    /// <summary>
    /// Each slot trains in a process of its own, which is this program started again (<see cref="WorkerProgram"/>): what ends or fills it costs one attempt.
    /// The programs have it so, and look for that verb when they begin; a node inside another program trains on its threads.
    /// </summary>
    public bool Workers { get; init; }

    /// <summary>How long it waits for a coordinator that has never answered. For ever unless told otherwise: it may well be started first.</summary>
    public TimeSpan Wait { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The machine's own outside of tests.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long a stopping trainer waits for its last words to be written down.</summary>
    public TimeSpan LeaveWithin { get; init; } = TimeSpan.FromSeconds(10);
}
