using System.Globalization;

namespace MemCluster.Operations.Chaos;

/// <summary>One thing that is done to the cluster.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Target">0 is the coordinator, then the trainers; <see cref="All"/> are all of them. The coordinator where the fault is its own.</param>
/// <param name="Seconds">How long it lasts; 0 for what is done at once. Of <see cref="ChaosFault.Clock"/>: how far the clock is off.</param>
/// <param name="Silent">Of <see cref="ChaosFault.Network"/>: nothing is closed, it only says nothing.</param>
/// <param name="Place">Which byte, or which file, as a share from 0 to 1 of those there are.</param>
/// <param name="Bit">Which bit of it, from 0 to 7.</param>
public sealed record ChaosStep(int Number, ChaosFault Fault, int Target, double Seconds, bool Silent, double Place, int Bit)
{
    /// <summary>Every process.</summary>
    public const int All = -1;

    private const double Hour = 3600;

    public static string NameOf(int target) => target switch { All => "all", 0 => "coordinator", _ => $"trainer-{target.ToString(CultureInfo.InvariantCulture)}" };

    /// <summary>What, to whom, how: the same words for the same step, so that their digest tells schedules apart.</summary>
    public override string ToString() => Fault switch
    {
        ChaosFault.Kill => $"{Head}{NameOf(Target)}",
        ChaosFault.Pause => $"{Head}{NameOf(Target),-12} for {Span(Seconds)}",
        ChaosFault.Network => $"{Head}{NameOf(Target),-12} {(Silent ? "silent" : "cut")} for {Span(Seconds)}",
        ChaosFault.Database => $"{Head}{"journal",-12} no writes for {Span(Seconds)}",
        ChaosFault.Disk => $"{Head}{NameOf(Target),-12} full for {Span(Seconds)}",
        ChaosFault.Flip => $"{Head}{"journal",-12} bit {Bit} at {Share}",
        ChaosFault.Checkpoint => $"{Head}{"a checkpoint",-12} bit {Bit} at {Share}",
        _ => $"{Head}{NameOf(Target),-12} {(Seconds / Hour).ToString("+0.0;-0.0", CultureInfo.InvariantCulture)} h",
    };

    private string Head => $"{Number.ToString(CultureInfo.InvariantCulture),4}  {Fault.Name(),-10}  ";

    private string Share => Place.ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Span(double seconds) => $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
}
