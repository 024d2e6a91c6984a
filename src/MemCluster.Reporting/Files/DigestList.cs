using System.Text;

namespace MemCluster.Reporting.Files;

/// <summary>SHA256SUMS: a line for each file of a folder, as coreutils have it, so that <c>sha256sum -c SHA256SUMS</c> says the same as <c>verify</c>.</summary>
public static class DigestList
{
    public const string Name = "SHA256SUMS";

    private const int Digits = 64;
    private const string Between = "  ";

    /// <summary>A list of a hundred thousand files, a sweep's weights; where there is more, something else has its name.</summary>
    public const int MostBytes = 1 << 24;

    /// <summary>More would only scroll away what the first ones say.</summary>
    private const int MostProblems = 10;

    /// <param name="digests">By file name.</param>
    public static string Text(IEnumerable<KeyValuePair<string, string>> digests) =>
        string.Concat(digests.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Value}{Between}{one.Key}\n"));

    /// <summary>
    /// Takes a line as it is written or not at all: what a lenient reader would forgive (capitals, a star, a carriage return) is a byte that was
    /// changed.
    /// </summary>
    /// <returns>Digests by file name, and a sentence for each line that is none.</returns>
    public static (SortedDictionary<string, string> Digests, IReadOnlyList<string> Problems) Read(ReadOnlySpan<byte> bytes)
    {
        var (digests, problems) = (new SortedDictionary<string, string>(StringComparer.Ordinal), new List<string>());
        // Not through a reader: it would leave out a mark at the beginning without a word.
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        for (var line = 0; line < lines.Length - 1; line++)
        {
            if (ProblemOf(lines[line], digests) is { } problem)
            {
                problems.Add($"{Name} line {line + 1} {problem}.");
            }
        }

        if (lines[^1].Length > 0)
        {
            problems.Add($"{Name} line {lines.Length} is cut short: every line ends in a line feed.");
        }

        return (digests, problems.Count <= MostProblems
            ? problems
            : [.. problems.Take(MostProblems), $"{Name} has {Numbers.Count(problems.Count - MostProblems)} more lines like these."]);
    }

    /// <summary>Puts the line among the digests.</summary>
    /// <returns>Why not; null where it was done.</returns>
    private static string? ProblemOf(string line, SortedDictionary<string, string> digests)
    {
        if (line.Length <= Digits + Between.Length || !line.AsSpan(Digits).StartsWith(Between, StringComparison.Ordinal)
            || !line.Take(Digits).All(char.IsAsciiHexDigitLower) || line.Any(char.IsControl))
        {
            return $"is damaged: it is not {Digits} hex digits, two spaces and a file name";
        }

        var name = line[(Digits + Between.Length)..];
        return name is "." || name.Contains("..", StringComparison.Ordinal) || name.AsSpan().ContainsAny('/', '\\')
            ? $"names '{name}', which may lie outside of the folder; it is not looked at"
            : digests.TryAdd(name, line[..Digits]) ? null : $"names {name} a second time";
    }
}
