using System.Text;

namespace MemCluster.Reporting.Report;

/// <summary>Two sweeps side by side, as a page like a report's.</summary>
public static class ComparisonHtml
{
    public static string Of(Comparison comparison)
    {
        var title = $"{comparison.First} and {comparison.Second}";
        var body = new StringBuilder($"<h1>{ReportHtml.T(title)}</h1>");
        ReportHtml.Paragraph(body, "progress", comparison.Shared);
        if (!comparison.Differs.IsEmpty)
        {
            body.Append($"<section><h2>Where their specs differ</h2><pre>{ReportHtml.T(string.Join('\n', comparison.Differs))}</pre><p class=\"caption\">− only {ReportHtml.T(comparison.First)}, + only {ReportHtml.T(comparison.Second)}</p></section>");
        }

        if (!comparison.Verdicts.IsEmpty)
        {
            body.Append("<section><h2>Verdicts</h2>");
            ReportHtml.Table(body, new("", "", ["Claim", comparison.First, comparison.Second], [false, false, false], [.. comparison.Verdicts.Select(row => (System.Collections.Immutable.ImmutableArray<string>)[row.Says, row.First, row.Second])]));
            body.Append("</section>");
        }

        ReportHtml.Figures(body, "Differences", comparison.Figures);
        body.Append("<section><h2>Cell by cell</h2>");
        foreach (var table in comparison.Tables)
        {
            ReportHtml.Table(body, table);
        }

        return ReportHtml.Page(title, body.Append("</section>"));
    }
}
