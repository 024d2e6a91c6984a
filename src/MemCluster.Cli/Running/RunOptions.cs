using MemCluster.Telemetry;

namespace MemCluster.Cli;

/// <summary>Where and how a run happens; what it computes is in the specs.</summary>
/// <param name="Log">What the node says goes there.</param>
internal sealed record RunOptions(
    string Home, int Slots, string? Data, string? Listen, string? Advertise, string? Journal, bool AcceptVersion, LogOptions Log)
{
    /// <summary>A collector of measurements, spans and log lines; null: none.</summary>
    public OtlpOptions? Otlp { get; init; }

    /// <summary>Akka's own settings; null for none.</summary>
    public string? Hocon { get; init; }

    /// <summary>What this machine offers to sweeps that ask for it.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>As it was given; null: all there is.</summary>
    public string? Memory { get; init; }

    /// <summary>Folder of this node's certificate; null: it speaks plain text with anybody.</summary>
    public string? Certificates { get; init; }

    /// <summary>Options that the command to go on with must repeat.</summary>
    public string Again => string.Concat(
        Data is null ? "" : $" --data {Data}",
        string.Concat(Labels.Select(label => $" --label {label}")),
        Memory is null ? "" : $" --memory {Memory}",
        Slots == Environment.ProcessorCount ? "" : $" --slots {Slots}",
        Listen is null ? "" : $" --listen {Listen}",
        Advertise is null ? "" : $" --advertise {Advertise}",
        Certificates is null ? "" : $" --certificates {Certificates}",
        Journal is null ? "" : $" --journal \"{Journal}\"",
        Hocon is null ? "" : $" --hocon {Hocon}");
}
