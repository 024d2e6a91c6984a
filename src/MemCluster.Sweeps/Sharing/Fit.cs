using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What the trials of a sweep ask of a trainer.</summary>
/// <param name="InstructionSet">As in <see cref="SweepShape"/>: empty if they do no arithmetic.</param>
public sealed record SweepNeeds(Requirement Requires, string InstructionSet);

/// <summary>A connected trainer, as far as it matters to who may work where.</summary>
/// <param name="Hindrance">What keeps it from working on the sweep in question, whatever it offers; null if nothing does.</param>
public sealed record TrainerOffer(string Name, TrainerCard Card, Hindrance? Hindrance = null);

/// <summary>What keeps a trainer from working, besides what it is.</summary>
public abstract record Hindrance
{
    private Hindrance() { }

    /// <summary>An operator wants it to get nothing new.</summary>
    public sealed record Drained : Hindrance;

    public sealed record Unreachable : Hindrance;

    /// <summary>It said, or was told, that it can't do this sweep.</summary>
    public sealed record Refused(string Why) : Hindrance;
}

/// <summary>Whether a trainer's offer meets what a sweep needs, need by need, and how often at once.</summary>
public static class Fit
{
    /// <summary>How many trials more fit into the trainer's memory; no limit for those that ask for none.</summary>
    /// <param name="taken">Bytes that the trials it holds already asked for.</param>
    public static int Room(Requirement requires, TrainerCard card, long taken)
    {
        ArgumentNullException.ThrowIfNull(requires);
        return requires.MemoryBytes == 0 ? int.MaxValue : (int)Math.Clamp((card.MemoryBytes - taken) / requires.MemoryBytes, 0, int.MaxValue);
    }

    /// <summary>Labels that the sweep asks for and the trainer does not offer.</summary>
    public static IReadOnlyList<string> Missing(SweepNeeds needs, TrainerCard card) =>
        [.. needs.Requires.Labels.Where(label => !card.Labels.Contains(label))];

    public static bool HasMemory(SweepNeeds needs, TrainerCard card) => needs.Requires.MemoryBytes <= card.MemoryBytes;

    /// <summary>The instruction set that the process is pinned to; <c>cuda</c> is one of them, so that it settles the device too.</summary>
    public static bool HasArithmetic(SweepNeeds needs, TrainerCard card) =>
        needs.InstructionSet.Length == 0 || needs.InstructionSet == card.InstructionSet;
}
