namespace MemCluster.Hosting;

/// <summary>
/// Looks at a HOCON text before Akka's parser does, which names no line, and on a bracket that is never closed reads on until the memory is full.
/// </summary>
internal static class HoconShape
{
    /// <returns>What is wrong, with its line; null if every quote and bracket is closed.</returns>
    public static string? Problem(string text)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var line = 1;
        for (var at = 0; at < text.Length; at++)
        {
            var rest = text.AsSpan(at);
            switch (text[at])
            {
                case '\n':
                    line++;
                    break;
                case '#':
                case '/' when rest.StartsWith("//"):
                    at += rest.IndexOf('\n') is var end and >= 0 ? end - 1 : rest.Length;
                    break;
                case '"':
                    var length = Quoted(rest);
                    if (length < 0)
                    {
                        return $"line {line}: a quote is never closed";
                    }

                    line += rest[..length].Count('\n');
                    at += length - 1;
                    break;
                case '{' or '[':
                    open.Push((text[at], line));
                    break;
                case '}' or ']':
                    if (!open.TryPop(out var opened) || (opened.Bracket == '{') != (text[at] == '}'))
                    {
                        return $"line {line}: this {text[at]} closes nothing";
                    }

                    break;
            }
        }

        return open.TryPop(out var left) ? $"line {left.Line}: this {left.Bracket} is never closed" : null;
    }

    /// <summary>Length of the quoted text that begins here, its quotes included; negative if it does not end, or not on its line.</summary>
    private static int Quoted(ReadOnlySpan<char> text)
    {
        const string Three = "\"\"\"";
        if (text.StartsWith(Three))
        {
            return text[3..].IndexOf(Three) is var end and >= 0 ? end + 6 : -1;
        }

        for (var at = 1; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == '"')
            {
                return at + 1;
            }

            at += text[at] == '\\' ? 1 : 0;
        }

        return -1;
    }
}
