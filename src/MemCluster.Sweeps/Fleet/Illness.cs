using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// What speaks against a trainer: trials that failed there. It is memory only, and of one process: started again, it begins without.
/// </summary>
public sealed record Illness
{
    public static readonly Illness None = new();

    /// <summary>Trials that failed there and have not ended elsewhere yet, with what was said.</summary>
    public ImmutableDictionary<(SweepId Sweep, int Trial), string> Failed { get; init; } = ImmutableDictionary<(SweepId, int), string>.Empty;

    /// <summary>Attempts in a row that ended for want of something of the machine's.</summary>
    public int InARow { get; init; }

    /// <summary>How often it was set aside since a trial last ended well there.</summary>
    public int Times { get; init; }

    /// <summary>It gets nothing until then, on the monotonic clock; null: it may have trials, one at a time if it was set aside before.</summary>
    public TimeSpan? Until { get; init; }

    /// <summary>The same by the clock on the wall, for people.</summary>
    public DateTimeOffset UntilAt { get; init; }

    /// <summary>Why it was set aside.</summary>
    public string Why { get; init; } = "";

    public bool IsAside => Until is not null;

    /// <summary>It was set aside, and whether it is well again is tried with one trial at a time.</summary>
    public bool IsOnProbation => Times > 0 && !IsAside;
}

/// <summary>A sweep of which a trainer lacks something: its data set, say.</summary>
/// <param name="Times">How often it said so.</param>
/// <param name="Until">It is not asked again before that, on the monotonic clock.</param>
public sealed record Lack(int Times, TimeSpan Until);
