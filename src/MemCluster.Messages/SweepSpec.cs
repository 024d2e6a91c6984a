using System.Collections.Immutable;

namespace MemCluster.Messages;

/// <summary>
/// A parsed sweep file. Values are kept in their short canonical form (<c>label 0.2</c>, <c>512</c>, <c>dropout 0.3 + weight-decay 0.0001</c>),
/// the form that results, filters and tables show.
/// </summary>
/// <param name="Name">Also the name of the results folder.</param>
/// <param name="Question">What the sweep is to answer; never part of its identity.</param>
/// <param name="Base">What every trial shares; an axis overrides its own setting.</param>
/// <param name="Axes">noise, capacity, regularizer first (those that the file has), then the others in the file's order.</param>
/// <param name="Canonical">The spec as canonical YAML: fixed order, short forms, defaults left out. Parsing it gives this spec again.</param>
/// <param name="Digest">
/// Structural digest, O(axes): expansion rule, base settings, each axis value in order, seeds. Equal digests expand to equal grids.
/// </param>
public sealed record SweepSpec(
    SweepId Name, string Question, TrialSettings Base, ImmutableArray<Axis> Axes, SeedList Seeds, string Canonical, string Digest)
{
    /// <summary>Unless the file says otherwise.</summary>
    public const int UsualRetries = 2;

    /// <summary>Where it may run: part of the text, not of the digest.</summary>
    public Requirement Requires { get; init; } = Requirement.None;

    /// <summary>How often a trial that failed is tried again, each time on another trainer where there is one; likewise.</summary>
    public int Retries { get; init; } = UsualRetries;

    /// <summary>What its trials may take; likewise.</summary>
    public TrialLimits Limits { get; init; } = TrialLimits.None;

    /// <summary>Which weights of its trials are kept; likewise.</summary>
    public WeightsPlan Keep { get; init; } = WeightsPlan.None;

    /// <summary>How its claims ask for seeds; null: every configuration gets all seeds, whatever comes of them. No part of the digest: that is of all that can be asked for.</summary>
    public ReplicatePlan? Replicates { get; init; }

    /// <summary>
    /// What the sweep is expected to show, as YAML on one line; empty for nothing. No part of its identity: a claim may be written, or changed,
    /// after every trial has ended. It is kept as text because a journal must be readable whatever becomes of the claims' grammar.
    /// </summary>
    public string Claims { get; init; } = "";

    /// <summary>The figures of its report, likewise.</summary>
    public string Figures { get; init; } = "";
}

/// <param name="Name">The column it fills in trials.csv: <c>noise</c>, <c>capacity</c>, <c>rate</c>, <c>data.train</c> …</param>
public sealed record Axis(string Name, ImmutableArray<string> Values);

/// <summary>Seeds of a sweep: 0 to count − 1, or those listed. A million of them cost nothing until a trial asks for its own.</summary>
public sealed class SeedList
{
    private readonly ImmutableArray<ulong> _listed;

    private SeedList(int count, ImmutableArray<ulong> listed) => (Count, _listed) = (count, listed);

    public int Count { get; }

    /// <summary>The seeds were listed, not counted.</summary>
    public bool IsListed => !_listed.IsDefault;

    public ulong this[int index] => IsListed ? _listed[index] : (ulong)index;

    public static SeedList Counted(int count) => new(count, default);

    public static SeedList Listed(ImmutableArray<ulong> seeds) => new(seeds.Length, seeds);
}
