using System.Globalization;
using System.Text;

namespace MemCluster.Sweeps;

/// <summary>A tree as YAML on one line, whatever it was written like: reading it gives the same tree, places apart.</summary>
internal static class FlowYaml
{
    public static string Write(SpecNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, SpecNode node)
    {
        switch (node)
        {
            case SpecScalar scalar:
                // Quoted always but for what is there by not being there: '5' and 5 are the same to every reader of these.
                text.Append(scalar.IsNull ? "~" : Quoted(scalar.Text));
                break;
            case SpecSequence sequence:
                Join(text, '[', sequence.Items, item => Append(text, item), ']');
                break;
            case SpecMapping mapping:
                Join(text, '{', mapping.Entries, entry =>
                {
                    text.Append(Quoted(entry.Key.Text)).Append(": ");
                    Append(text, entry.Value);
                }, '}');
                break;
        }
    }

    private static void Join<T>(StringBuilder text, char open, IReadOnlyList<T> items, Action<T> append, char close)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                text.Append(", ");
            }

            append(items[i]);
        }

        text.Append(close);
    }

    /// <summary>YAML's double-quoted form; everything that is not plainly printable is escaped.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = Rune.GetUnicodeCategory(rune) switch
            {
                _ when rune.Value is '"' or '\\' => quoted.Append('\\').Append(rune),
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse =>
                    quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
                _ => quoted.Append(rune),
            };
        }

        return quoted.Append('"').ToString();
    }
}
