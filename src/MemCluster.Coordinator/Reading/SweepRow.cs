using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Reading;

/// <summary>What the read model knows of a sweep without its trials.</summary>
/// <param name="Spec">Null where it can't be read; <paramref name="Unreadable"/> says why.</param>
/// <param name="Unreadable">Why nothing but the sweep's name and counts can be shown by this version, a sentence for the operator; null where all can.</param>
internal sealed record SweepRow(
    long Id, SweepId Sweep, SweepSpec? Spec, string NumericsVersion, TrialCounts Counts, DateTimeOffset SubmittedAt, string Hold, int Priority, int JournalLost, string? Unreadable = null)
{
    /// <summary>Places of its grid, whether or not claims ask for all of them.</summary>
    public int Places { get; init; } = Counts.LastTrial;

    /// <summary>Seeds that its claims have asked for, by configuration; null where they don't ask, or nobody can read how.</summary>
    public int[]? Asked { get; init; }

    /// <summary>They ask for no more.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Whether a claim has asked for the trial at this place, from 0.</summary>
    public bool IsAsked(int place) => Asked is null || place >= Places || place % Readable.Seeds.Count < Asked[place / Readable.Seeds.Count];

    public SeedsSoFar? Seeds => Asked is null ? null : new(Asked.Min(), Asked.Max(), Readable.Seeds.Count, IsSettled);

    /// <exception cref="UnreadableSweep">There is none that this version could go by.</exception>
    public SweepSpec Readable => Spec ?? throw new UnreadableSweep(Unreadable!);
}

/// <summary>One sweep of a home that this version can't read; all others can be asked about.</summary>
internal sealed class UnreadableSweep(string sentence) : UserError(sentence);
