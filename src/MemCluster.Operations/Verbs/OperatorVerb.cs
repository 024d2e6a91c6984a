using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>An argument of a verb.</summary>
/// <param name="Required">Without it the verb can't answer.</param>
/// <param name="Flag">There or not there, without a value.</param>
public sealed record VerbArgument(string Name, string Description, bool Required = false, bool Flag = false);

/// <summary>What was said after a verb's name; flags have the value <c>true</c>.</summary>
public sealed class VerbArguments(IReadOnlyDictionary<string, string> values)
{
    public string? this[string name] => values.GetValueOrDefault(name);

    public bool Has(string name) => this[name] == "true";
}

/// <summary>
/// A question that an operator may ask, at a terminal or through any other door: an <see cref="IOperator"/> and arguments in, lines out.
/// </summary>
/// <param name="Answer">Throws <see cref="UserError"/> where the arguments make no sense.</param>
public sealed record OperatorVerb(
    string Name, string Description, IReadOnlyList<VerbArgument> Arguments,
    Func<IOperator, VerbArguments, CancellationToken, IAsyncEnumerable<Line>> Answer);
