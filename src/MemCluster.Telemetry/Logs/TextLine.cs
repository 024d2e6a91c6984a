using System.Globalization;
using System.Text;

namespace MemCluster.Telemetry;

/// <summary>A line for people: <c>2026-11-23T17:08:14.052Z warn  naps trial 5 attempt 1 was lost … [CoordinatorActor]</c>.</summary>
internal static class TextLine
{
    /// <param name="template">Names in it are in the sentence already; the other fields follow it.</param>
    public static string Of(LogLine line, string template)
    {
        var text = new StringBuilder(128)
            .Append(line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Append(' ').Append(line.LevelName.PadRight(5))
            .Append(' ').Append(line.Message.ReplaceLineEndings(" "));
        foreach (var (name, value) in line.Fields)
        {
            if (!template.Contains($"{{{name}}}", StringComparison.Ordinal) && !template.Contains($"{{{name}:", StringComparison.Ordinal))
            {
                text.Append(' ').Append(name).Append('=').Append(Convert.ToString(value, CultureInfo.InvariantCulture)?.ReplaceLineEndings(" "));
            }
        }

        if (line.Cause is { } cause)
        {
            text.Append(" | ").Append(Secrets.Mask(cause.ToString()));
        }

        return text.Append(" [").Append(line.Category.AsSpan(line.Category.LastIndexOf('.') + 1)).Append(']').ToString();
    }
}
