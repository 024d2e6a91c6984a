using MemCluster.Operations;

namespace MemCluster.Coordinator.Pbm;

/// <summary>What the palette answers from, and how much it may do.</summary>
/// <param name="Write">Whether verbs that ask first at a terminal, because they can't be taken back, are answered.</param>
internal sealed record PaletteSettings(IOperator Answers, bool Write, SpecsFolder Specs)
{
    /// <summary>
    /// How long a verb may be silent before the client is told so: longer than everything that a coordinator is given time for (a submission,
    /// then the read model). Not for verbs that follow what happens.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Lines of one answer. The client can't slow us down, so more than these would pile up in memory.</summary>
    public int MostLines { get; init; } = 100_000;
}
