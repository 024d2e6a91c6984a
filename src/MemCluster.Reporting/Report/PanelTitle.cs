using System.Collections.Immutable;

namespace MemCluster.Reporting.Report;

/// <summary>A panel's title in at most two lines, as wide as its panel: it says which cell is drawn, so it is not cut before it must be.</summary>
internal static class PanelTitle
{
    public const double LineHeight = 15;

    private const int MostLines = 2;

    // Of the wide fonts that a browser may take, in bold of 12 units.
    private const double LetterWidth = 7.9;

    public static ImmutableArray<string> Lines(string title, double width)
    {
        var most = Math.Max(8, (int)(width / LetterWidth));
        var lines = new List<string>();
        var rest = title;
        while (rest.Length > most && lines.Count < MostLines - 1)
        {
            // Between two values, else between two words; a word that is longer than the line is left to the last one.
            var parting = rest.LastIndexOf(" · ", most, StringComparison.Ordinal) > 0 ? " · " : " ";
            var at = rest.LastIndexOf(parting, most, StringComparison.Ordinal);
            if (at <= 0)
            {
                break;
            }

            lines.Add(rest[..at]);
            rest = rest[(at + parting.Length)..];
        }

        return rest.Length > 0 ? [.. lines, Line.Fit(rest, most)] : [.. lines];
    }

    public static IEnumerable<Mark> Marks(string title, double width, double x) =>
        Lines(title, width).Select((line, index) => new Mark.Label(x, 15 + index * LineHeight, line, 12, Anchor.Start, Ink.Text, Bold: true));
}
