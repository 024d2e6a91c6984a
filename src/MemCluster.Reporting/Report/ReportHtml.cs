using System.Text;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>A report as one page: nothing in it asks the network or needs a script, and every word of the sweep's is escaped.</summary>
public static class ReportHtml
{
    public static string Of(SweepReport report)
    {
        var body = new StringBuilder();
        body.Append($"<h1>{T(report.Title)}</h1>");
        Paragraph(body, "question", report.Question);
        Paragraph(body, "answer", report.Answer);
        Paragraph(body, report.IsComplete ? "progress" : "progress unfinished", report.Progress);
        Paragraph(body, "intervals", report.Intervals);
        Verdicts(body, report);
        Figures(body, "Figures", report.Figures);
        Figures(body, "Maps", report.Heat);
        Figures(body, "Learning curves", report.Curves);
        if (report.Troubles.Length > 0)
        {
            body.Append("<section><h2>What failed, diverged, was censored or gave no number</h2>");
            foreach (var table in report.Troubles)
            {
                Table(body, table);
            }

            body.Append("</section>");
        }

        Again(body, report.Provenance);
        return Page(report.Title, body);
    }

    /// <param name="body">HTML.</param>
    internal static string Page(string title, StringBuilder body) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{T(title)}</title>
        <style>
        {ReportCss.Text}
        {Palette.Css()}
        </style>
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>

        """.ReplaceLineEndings("\n");

    internal static void Paragraph(StringBuilder body, string kind, string text)
    {
        if (text.Length > 0)
        {
            body.Append($"<p class=\"{kind}\">{T(text)}</p>\n");
        }
    }

    internal static string VerdictCell(Verdict verdict)
    {
        // The sign says it without colour.
        var (sign, word) = verdict switch { Verdict.Holds => ("✓", "holds"), Verdict.Fails => ("✗", "fails"), _ => ("?", "undecided") };
        return $"<span class=\"verdict {word}\">{sign} {word}</span>";
    }

    private static void Verdicts(StringBuilder body, SweepReport report)
    {
        if (report.Verdicts.IsEmpty && report.Aside.IsEmpty)
        {
            return;
        }

        body.Append("<section><h2>Verdicts</h2>");
        if (!report.Verdicts.IsEmpty)
        {
            body.Append($"<p class=\"caption\">✓ holds: the whole interval meets the condition. ✗ fails: none of it does. ? undecided: it spans the threshold, unless another reason is given. p: two-sided, against the opposite verdict; adjusted for the number of claims on this page (Holm).{(report.Verdicts.Any(row => row.Seeds.Length > 0) ? " " + PowerText.Meaning : "")}</p><table class=\"verdicts\"><thead><tr><th>Claim</th><th>Statistic</th><th>Paper</th><th>Ours, {T(report.HowSure)}</th><th>Holds when</th><th>Verdict</th></tr></thead><tbody>\n");
        }

        foreach (var row in report.Verdicts)
        {
            var shared = row.Ours.Select(part => part.Threshold).Distinct().Count() == 1;
            body.Append($"<tr><td class=\"says\"><b>{T(row.Says)}</b>{(row.Note.Length > 0 ? $"<div class=\"faint\">{T(row.Note)}</div>" : "")}</td>")
                .Append($"<td data-label=\"Statistic\"><span class=\"faint\">{T(row.Statistic).Replace("_", "_<wbr>", StringComparison.Ordinal)}</span></td>")
                .Append($"<td data-label=\"Paper\">{T(row.Paper.Length > 0 ? row.Paper : "–")}{(row.Source.Length > 0 ? $"<div class=\"faint\">{T(row.Source)}</div>" : "")}</td><td data-label=\"Ours\">");
            foreach (var part in row.Ours)
            {
                body.Append($"<div class=\"part\">{(part.Label.Length > 0 ? $"<b>{T(part.Label)}</b> " : "")}{T(part.Ours)}{(shared ? "" : $" <span class=\"faint\">({Condition(part.Threshold)})</span>")}")
                    .Append(row.Ours.Length > 1 ? " " + VerdictCell(part.Verdict) : "").Append(part.Why.Length > 0 && (row.Ours.Length == 1 || part.Why != ClaimVerdicts.Spans) ? $"<div class=\"faint\">{T(part.Why)}</div>" : "").Append("</div>");
            }

            body.Append($"</td><td data-label=\"Holds when\">{(shared ? Condition(row.Ours[0].Threshold) : "as given for each")}</td><td class=\"end\">{VerdictCell(row.Verdict)}{Small(row.Seeds)}{Small(row.SaidP)}</td></tr>\n");
        }

        body.Append(report.Verdicts.IsEmpty ? "" : "</tbody></table>\n");
        foreach (var aside in report.Aside)
        {
            Paragraph(body, "faint", $"Set aside{(aside.Name.Length > 0 ? $": {aside.Name}" : "")}, {aside.Why}.");
        }

        if (report.Looks is { } looks)
        {
            Table(body, looks);
        }

        body.Append("</section>\n");
    }

    private static string Small(string text) => text.Length > 0 ? $"<div class=\"faint\">{T(text)}</div>" : "";

    /// <summary>A condition as it is read, not as it is typed.</summary>
    private static string Condition(string text) => T(text.Replace(">=", "≥", StringComparison.Ordinal).Replace("<=", "≤", StringComparison.Ordinal).Replace(" -", " −", StringComparison.Ordinal));

    internal static void Figures(StringBuilder body, string title, IReadOnlyList<ReportFigure> figures)
    {
        if (figures.Count == 0)
        {
            return;
        }

        body.Append($"<section><h2>{T(title)}</h2><div class=\"figures\">\n");
        foreach (var figure in figures)
        {
            var panels = FigureDrawings.Of(figure).ToArray();
            body.Append($"<figure{(panels is [{ Drawing.Width: <= ChartDrawing.Width }] ? " class=\"one\"" : "")}><figcaption>{T(figure.Title)}</figcaption><p class=\"caption\">{T(figure.Caption)}{(figure.Source.Length > 0 ? $" Compare: {T(figure.Source)}." : "")}</p><div class=\"panels{(figure is ReportFigure.Heat ? " maps" : "")}\">\n");
            foreach (var (drawing, id) in panels)
            {
                body.Append(SvgWriter.Of(drawing, id, isFile: false)).Append('\n');
            }

            body.Append("</div>");
            if (FigureDrawings.Numbers(figure) is { } numbers)
            {
                body.Append("<details><summary>The numbers</summary>");
                Table(body, numbers);
                body.Append("</details>");
            }

            body.Append("</figure>\n");
        }

        body.Append("</div></section>\n");
    }

    internal static void Table(StringBuilder body, ReportTable table)
    {
        body.Append(table.Title.Length > 0 ? $"<h3>{T(table.Title)}</h3>" : "");
        Paragraph(body, "caption", table.Caption);
        body.Append("<div class=\"scroll\"><table><thead><tr>");
        for (var column = 0; column < table.Head.Length; column++)
        {
            body.Append($"<th{(table.Right[column] ? " class=\"n\"" : "")}>{T(table.Head[column])}</th>");
        }

        body.Append("</tr></thead><tbody>\n");
        foreach (var row in table.Rows)
        {
            body.Append("<tr>");
            for (var column = 0; column < row.Length; column++)
            {
                body.Append($"<td{(table.Right[column] ? " class=\"n\"" : "")}>{T(row[column])}</td>");
            }

            body.Append("</tr>\n");
        }

        body.Append("</tbody></table></div>");
        Paragraph(body, "faint", table.More > 0 ? $"{Numbers.Count(table.More)} more are in trials.csv." : "");
    }

    private static void Again(StringBuilder body, Provenance from)
    {
        body.Append("<section><h2>How to get the same bits again</h2>");
        body.Append($"<p>Save the text below as a file and run it; on any machine of the same arithmetic, every number of this page comes out the same.</p><pre>{T(string.Join('\n', from.Again))}</pre>");
        body.Append("<dl>");
        foreach (var (name, value) in new[] { ("Spec digest", from.Digest) }.Concat(from.Data.Select(data => ($"Data {data.Data}", data.Digest)))
                     .Append(("Seeds", from.Seeds)).Append(("memcluster", from.Version)).Append(("Numerics", from.Numerics)))
        {
            body.Append($"<dt>{T(name)}</dt><dd><code>{T(value)}</code></dd>");
        }

        body.Append($"</dl><pre>{T(from.Canonical)}</pre></section>\n");
    }

    /// <summary>Safe in a page; a number and its percent sign stay on one line.</summary>
    internal static string T(string text) => SvgWriter.Text(text).Replace(" %", "\u00a0%", StringComparison.Ordinal);
}
