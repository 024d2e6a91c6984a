using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace MemCluster.Messages;

/// <summary>
/// What a sweep asks of the machines that run its trials. No part of any trial's identity: where a trial runs can't change its result.
/// </summary>
/// <param name="MemoryBytes">
/// For each trial. Those that a trainer holds at once ask together for at most the memory it announces. 0: it is of no matter.
/// </param>
/// <param name="Labels">A trainer must offer all of them; in ordinal order, each once.</param>
public sealed record Requirement(long MemoryBytes, ImmutableArray<string> Labels)
{
    public static readonly Requirement None = new(0, []);

    public bool IsNone => MemoryBytes == 0 && Labels.IsEmpty;
}

/// <summary>A word by which a trainer is told from others: <c>gpu</c>, <c>big-memory</c>, <c>rack.7</c>.</summary>
public static partial class NodeLabel
{
    public const string Expected = "1 to 63 letters, digits, dots, hyphens and underscores, such as gpu";

    public static bool IsValid(string label) => Shape().IsMatch(label);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Shape();
}

/// <summary>What a trainer is called, in tables and in paths of the HTTP API.</summary>
public static partial class NodeName
{
    public const string Expected = "1 to 200 letters, digits, dots, hyphens and underscores, such as node7";

    public static bool IsValid(string name) => Shape().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}\z")]
    private static partial Regex Shape();
}
