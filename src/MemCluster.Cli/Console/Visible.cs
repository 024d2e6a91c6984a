using System.Text;

namespace MemCluster.Cli;

/// <summary>
/// Text as a terminal may have it. Questions, names and errors come from other people; a control character among them could move the cursor,
/// name the window or turn a line about, so it is shown instead of done. As JSON writes it: there it still means the same.
/// </summary>
internal static class Visible
{
    public static string Of(string text)
    {
        if (!text.Any(Acts))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 20);
        foreach (var sign in text)
        {
            _ = Acts(sign) ? shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}") : shown.Append(sign);
        }

        return shown.ToString();
    }

    /// <summary>C0 and C1, and what overrides the direction of writing; the ends of lines and tabs are harmless.</summary>
    private static bool Acts(char sign) => sign is not ('\n' or '\t')
        && (char.IsControl(sign) || sign is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}
