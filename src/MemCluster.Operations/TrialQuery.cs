namespace MemCluster.Operations;

/// <summary>Which trials, in which order, and how many of them, in the words of a person: <c>noise=label 0.4</c>, <c>-seed</c>, 10.</summary>
/// <param name="Where">Conditions; all must hold.</param>
/// <param name="Sort">A column, the largest first; with a minus before it, the smallest first. Null: in grid order.</param>
/// <param name="Limit">At most so many, from 1; null: all.</param>
public sealed record TrialQuery(IReadOnlyList<string> Where, string? Sort = null, int? Limit = null)
{
    /// <summary>
    /// More rows than these are not sorted in a coordinator's memory but in the asker's: who has a million to sort needs the room for it.
    /// </summary>
    public const int MostSorted = 100_000;

    /// <summary>Whether a coordinator sorts for this question.</summary>
    public bool SortsFar => Sort is not null && Limit is <= MostSorted;
}
