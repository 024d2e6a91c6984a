using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>How an argument is said.</summary>
public enum ArgumentKind
{
    /// <summary>By its place.</summary>
    Word,

    /// <summary><c>--name</c>: there or not there.</summary>
    Flag,

    /// <summary><c>--name VALUE</c>.</summary>
    Option,

    /// <summary><c>--name VALUE VALUE …</c>, as often as one likes.</summary>
    Options,
}

/// <summary>An argument of a verb.</summary>
/// <param name="Required">Without it the verb can't answer.</param>
/// <param name="Value">What stands for its value in help texts.</param>
public sealed record VerbArgument(string Name, string Description, ArgumentKind Kind = ArgumentKind.Word, string Value = "", bool Required = false);

/// <summary>What was said after a verb's name; flags have the value <c>true</c>.</summary>
public sealed class VerbArguments(IReadOnlyDictionary<string, IReadOnlyList<string>> values)
{
    public string? this[string name] => All(name) is [var first, ..] ? first : null;

    public IReadOnlyList<string> All(string name) => values.GetValueOrDefault(name) ?? [];

    public bool Has(string name) => this[name] == "true";
}

/// <summary>
/// A question that an operator may ask, at a terminal or through any other door: an <see cref="IOperator"/> and arguments in, lines out.
/// </summary>
/// <param name="Answer">Throws <see cref="UserError"/> where the arguments make no sense.</param>
/// <param name="Announce">For a verb that changes something: what it will do to running trials, told before it is done; else null.</param>
/// <param name="Asks">What it does can't be taken back, so a person is asked first.</param>
public sealed record OperatorVerb(
    string Name, string Description, IReadOnlyList<VerbArgument> Arguments,
    Func<IOperator, VerbArguments, CancellationToken, IAsyncEnumerable<Line>> Answer,
    Func<IOperator, VerbArguments, CancellationToken, Task<string>>? Announce = null, bool Asks = false);
