using YamlDotNet.Core;

namespace MemCluster.Sweeps;

/// <summary>What a break of YAML's grammar means to somebody who never read YAML's grammar.</summary>
internal static class YamlMistake
{
    public static string SentenceOf(YamlException broken) => broken.Message switch
    {
        var message when message.Contains("tab", StringComparison.OrdinalIgnoreCase) && !message.Contains("table", StringComparison.OrdinalIgnoreCase) =>
            "a tab stands in the indentation, which YAML does not allow; indent with spaces",
        var message when message.Contains("invalid mapping", StringComparison.Ordinal) =>
            "a ':' too many, or a line indented deeper than it should be; put text that contains ': ' into quotes, and line up keys of one mapping",
        var message when message.Contains("quoted scalar, found unexpected end", StringComparison.Ordinal) =>
            "the quote that opens here is never closed; close it",
        var message when message.Contains("did not find expected ',' or", StringComparison.Ordinal) =>
            "a bracket is not closed, or a comma is missing between two values; add it",
        var message when message.Contains("cannot start any token", StringComparison.Ordinal) =>
            "a character that no value can begin with; put the text into quotes",
        var message => $"this is not YAML: {Lower(message.TrimEnd('.'))}; see the examples in specs/",
    };

    /// <summary>The parser names the place where it noticed; for a tab, the line with the tab says more.</summary>
    public static SpecPlace PlaceOf(YamlException broken, string text, int source)
    {
        var noticed = new SpecPlace(source, (int)Math.Max(1, broken.Start.Line), (int)Math.Max(1, broken.Start.Column));
        if (!SentenceOf(broken).StartsWith("a tab", StringComparison.Ordinal))
        {
            return noticed;
        }

        var lines = text.Split('\n');
        for (var line = noticed.Line; line <= lines.Length; line++)
        {
            var indentation = lines[line - 1].Length - lines[line - 1].TrimStart(' ', '\t').Length;
            var tab = lines[line - 1].IndexOf('\t', StringComparison.Ordinal);
            if (tab >= 0 && tab < indentation)
            {
                return new(source, line, tab + 1);
            }
        }

        return noticed;
    }

    private static string Lower(string message) => message.Length == 0 ? message : char.ToLowerInvariant(message[0]) + message[1..];
}
