using System.Runtime.CompilerServices;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>Which training examples have the largest, or smallest, score.</summary>
internal static class ExamplesVerb
{
    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var line in (await ExampleChoice.From(answerer, arguments, cancel)).Lines(arguments.Has(VerbArguments.Json)))
        {
            yield return line;
        }
    }
}
