using System.Collections.Immutable;

namespace MemCluster.Sweeps.Claims;

/// <summary>How the numbers of the seeds become one statement.</summary>
public enum OverSeeds
{
    /// <summary>Mean, with Student's 95 % interval.</summary>
    Mean,

    /// <summary>Mean of the logarithms, with Student's 95 % interval, as a number again: for ratios and times. All must be above 0.</summary>
    GeometricMean,

    /// <summary>Median, with a 95 % bootstrap interval; five seeds at least.</summary>
    Median,

    /// <summary>Mean, with a 95 % bootstrap interval: for shares near 0 or 1; five seeds at least.</summary>
    Bootstrap,

    /// <summary>
    /// One further seed, whichever: mean, with Student's 95 % prediction interval. (That all seeds tried are so says less the fewer there are.)
    /// </summary>
    Every,
}

/// <summary>A sentence about a sweep that its results decide.</summary>
/// <param name="Says">The sentence, for people.</param>
/// <param name="Each">The claim is made at each of these values; it holds if it holds at all of them. Null for a single one.</param>
/// <param name="Along">The condition is about the order of the values along this axis. Null for other conditions.</param>
/// <param name="Conditions">One for each value of <paramref name="Each"/>, or one for all.</param>
/// <param name="Paper">The value that was published, as text; empty for a claim of ours.</param>
/// <param name="Source">Where it is stated.</param>
/// <param name="Note">What a reader must know to judge the verdict.</param>
public sealed record Claim(
    string Name, string Says, Term Value, Points? Each, Points? Along, OverSeeds Seeds, ImmutableArray<Condition> Conditions,
    string Paper, string Source, string Note)
{
    public Condition ConditionAt(int each) => Conditions.Length == 1 ? Conditions[0] : Conditions[each];
}

/// <summary>A claim that can't be judged in this sweep, and why.</summary>
public sealed record SetAside(string Name, string Why);

/// <summary>What reading a sweep's claims gave.</summary>
public sealed record ClaimsRead(ImmutableArray<Claim> Claims, ImmutableArray<SetAside> Aside);
