using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Reading;

/// <summary>What the read model knows of a sweep without its trials.</summary>
/// <param name="Spec">Null where it can't be read; <paramref name="Unreadable"/> says why.</param>
/// <param name="Unreadable">Why nothing but the sweep's name and counts can be shown by this version, a sentence for the operator; null where all can.</param>
internal sealed record SweepRow(
    long Id, SweepId Sweep, SweepSpec? Spec, string NumericsVersion, TrialCounts Counts, DateTimeOffset SubmittedAt, string Hold, int Priority, int JournalLost, string? Unreadable = null)
{
    /// <exception cref="UnreadableSweep">There is none that this version could go by.</exception>
    public SweepSpec Readable => Spec ?? throw new UnreadableSweep(Unreadable!);
}

/// <summary>One sweep of a home that this version can't read; all others can be asked about.</summary>
internal sealed class UnreadableSweep(string sentence) : UserError(sentence);
