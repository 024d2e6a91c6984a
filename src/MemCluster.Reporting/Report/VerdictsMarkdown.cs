using System.Text;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>The verdicts as a table in Markdown, to be put into a document as it is.</summary>
public static class VerdictsMarkdown
{
    public static string Of(SweepReport report)
    {
        var text = new StringBuilder()
            .Append("### ").Append(report.Title).Append("\n\n").Append(report.Question).Append("\n\n").Append(report.Progress).Append(report.Intervals.Length > 0 ? " " + report.Intervals : "")
            .Append(" MemCluster ").Append(report.Provenance.Version).Append(", spec ").Append(report.Provenance.Digest[..Math.Min(12, report.Provenance.Digest.Length)]).Append(".\n\n")
            .Append($"| | claim | paper | ours, {report.HowSure} | asked for | p, adjusted |\n|---|---|---|---|---|---|\n");
        foreach (var row in report.Verdicts)
        {
            var note = row.Note.Length > 0 ? $" *{row.Note}*" : "";
            text.Append($"| **{Word(row.Verdict)}**{(row.Seeds.Length > 0 ? $": {Cell(row.Seeds)}" : "")} | {Cell(row.Says + note)} | {Cell(row.Paper)} | ")
                .AppendJoin("<br>", row.Ours.Select(part => Cell((part.Label.Length > 0 ? $"{part.Label}: {part.Ours}" : part.Ours) + (part.Absent.Length > 0 ? $" ({part.Absent})" : ""))))
                .Append(" | ").AppendJoin("<br>", row.Ours.Select(part => part.Threshold).Distinct().Count() == 1 ? [Cell(row.Ours[0].Threshold)] : row.Ours.Select(part => Cell(part.Threshold)))
                .Append(" | ").Append(Cell(double.IsNaN(row.P) ? "–" : $"{ReportNumbers.OfP(row.P)}, {ReportNumbers.OfP(row.AdjustedP)}")).Append(" |\n");
        }

        if (report.Looks is { } looks)
        {
            text.Append($"\n{looks.Caption}\n\n| {string.Join(" | ", looks.Head)} |\n|{string.Concat(looks.Right.Select(right => right ? "---:|" : "---|"))}\n");
            foreach (var row in looks.Rows)
            {
                text.Append("| ").AppendJoin(" | ", row.Select(Cell)).Append(" |\n");
            }
        }

        return text.ToString();
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Fails => "fails",
        _ => "undecided",
    };

    /// <summary>Signs that would end the cell or begin a tag.</summary>
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
