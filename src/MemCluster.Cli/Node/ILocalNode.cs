using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Telemetry;

namespace MemCluster.Cli;

/// <summary>A one-node cluster in this process: coordinator, journal and a trainer with its slots.</summary>
public interface ILocalNode : IAsyncDisposable
{
    IOperator Operator { get; }

    ISweepFeed Feed { get; }

    /// <summary>Where trainers elsewhere can join.</summary>
    string Address { get; }

    /// <summary>Writes the sweep's results folder from the journal.</summary>
    /// <returns>Paths of the files.</returns>
    Task<IReadOnlyList<string>> WriteResults(SweepId sweep, CancellationToken cancel);

    /// <summary>Says it in the node's log, for when the screen can't be written.</summary>
    void Note(string warning);

    /// <summary>Gives running trials back and leaves; what is not done by then is cut off, and resumes from the journal all the same.</summary>
    Task Stop(TimeSpan within);
}

/// <summary>How to start the node. Nothing in here can change a result but the instruction set, which the spec names.</summary>
/// <param name="Home">Folder of journal, read model and results; made if it isn't there.</param>
/// <param name="Slots">Trials trained at once in this process; 0: a coordinator alone.</param>
/// <param name="Data">Folder to look for data sets in first.</param>
/// <param name="InstructionSet"><see cref="NumericsSettings.InstructionSet"/>: to be pinned before tensors are touched.</param>
/// <param name="Listen"><c>HOST:PORT</c> for other nodes; null: loopback, a free port.</param>
/// <param name="Advertise"><c>HOST:PORT</c> by which others reach it, where that differs.</param>
/// <param name="Journal">As the option says it; null: the environment's, or a SQLite file in the home.</param>
/// <param name="Log">Where the node's log goes.</param>
public sealed record LocalNodeOptions(
    string Home, int Slots, string? Data, string InstructionSet, string? Listen, string? Advertise, string? Journal, LogOptions Log)
{
    /// <summary>A file of Akka's own settings; null for none.</summary>
    public string? Hocon { get; init; }

    /// <summary>What this machine offers to sweeps that ask for it.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Bytes that trials may ask for together; null: all there are.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Folder of this node's certificate: only nodes of its CA may join; null: anybody may.</summary>
    public string? Certificates { get; init; }

    /// <summary>A collector of measurements, spans and log lines; null: none.</summary>
    public OtlpOptions? Otlp { get; init; }
}
