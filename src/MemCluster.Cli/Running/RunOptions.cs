using MemCluster.Telemetry;

namespace MemCluster.Cli;

/// <summary>Where and how a run happens; what it computes is in the specs.</summary>
/// <param name="Log">What the node says goes there.</param>
internal sealed record RunOptions(
    string Home, int Slots, string? Data, string? Listen, string? Advertise, string? Journal, bool AcceptVersion, LogOptions Log)
{
    /// <summary>Options that the command to go on with must repeat.</summary>
    public string Again => string.Concat(
        Data is null ? "" : $" --data {Data}",
        Slots == Environment.ProcessorCount ? "" : $" --slots {Slots}",
        Listen is null ? "" : $" --listen {Listen}",
        Advertise is null ? "" : $" --advertise {Advertise}",
        Journal is null ? "" : $" --journal \"{Journal}\"");
}
