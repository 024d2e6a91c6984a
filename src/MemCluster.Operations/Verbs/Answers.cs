using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

/// <summary>The shapes that answers have: one thing as lines or as a line of JSON, and a table under a faint heading.</summary>
public static class Answers
{
    /// <param name="ask">What is to be shown.</param>
    /// <param name="json">What of it is JSON's; all of it unless said.</param>
    internal static VerbAnswer Of<T>(
        Func<IOperator, VerbArguments, CancellationToken, Task<T>> ask, Func<T, IEnumerable<Line>> show, Func<T, object?>? json = null)
    {
        return Answer;

        async IAsyncEnumerable<Line> Answer(IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
        {
            var answer = await ask(answerer, said, cancel);
            foreach (var line in said.Has(VerbArguments.Json) ? [Json(json is null ? answer : json(answer))] : show(answer))
            {
                yield return line;
            }
        }
    }

    public static Line Json(object? value) => JsonSerializer.Serialize(value, value?.GetType() ?? typeof(object), MessageJson.Options);

    /// <param name="columns">Each column's heading, and whether it is set to the right (numbers are).</param>
    /// <param name="tone">Of a row, by its place; plain unless said.</param>
    public static IEnumerable<Line> Table(
        IReadOnlyList<(string Heading, bool Right)> columns, IEnumerable<IReadOnlyList<string>> rows, Func<int, Tone>? tone = null) =>
        TextTable.Of([[.. columns.Select(column => column.Heading)], .. rows], [.. columns.Select(column => column.Right)])
            .Select((text, line) => new Line(text, line == 0 ? Tone.Faint : tone?.Invoke(line - 1) ?? Tone.Plain));

    /// <summary>
    /// A sentence on as many lines as it needs: for people, words are never cut off. A no-break space (in a command to be copied, say) holds
    /// its words together.
    /// </summary>
    public static IEnumerable<string> Wrapped(string sentence)
    {
        var line = "";
        foreach (var word in sentence.ReplaceLineEndings(" ").Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Line.Width)
            {
                yield return Plain(line);
                line = "    " + word;
            }
            else
            {
                line = line.Length == 0 && word.Length > 0 ? word : $"{line} {word}";
            }
        }

        yield return Plain(line);

        static string Plain(string text) => text.Replace('\u00a0', ' ');
    }

    /// <summary>A command to be copied, in a sentence that may be wrapped.</summary>
    internal static string Command(VerbArguments said, string what) => said.Door.Command(what).Replace(' ', '\u00a0');
}
