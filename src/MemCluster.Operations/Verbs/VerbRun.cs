using System.Runtime.CompilerServices;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>A verb from its first word to its last, the same at every door: say what will happen, ask where it can't be taken back, do it.</summary>
public static class VerbRun
{
    /// <param name="ask">Puts a question to the person who is there; null where nobody is.</param>
    /// <exception cref="UserError">As the verb says; or nobody could be asked, and nothing was done.</exception>
    public static async IAsyncEnumerable<Line> Lines(
        OperatorVerb verb, IOperator answerer, VerbArguments said, Func<string, bool>? ask, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (verb.Announce is { } announce)
        {
            var sentence = await announce(answerer, said, cancel);
            var mustAsk = verb.Asks && !said.Has(VerbArguments.Yes);
            foreach (var line in said.Has(VerbArguments.Json) && !(mustAsk && ask is not null) ? [] : Answers.Wrapped(sentence))
            {
                yield return line;
            }

            if (mustAsk && ask is null)
            {
                throw new UserError("Nothing was done: nobody is there to be asked; say --yes to do it.");
            }

            if (mustAsk && !ask!("Go on?"))
            {
                yield return "Nothing was done.";
                yield break;
            }
        }

        await foreach (var line in verb.Answer(answerer, said, cancel).WithCancellation(cancel))
        {
            yield return line;
        }
    }
}
