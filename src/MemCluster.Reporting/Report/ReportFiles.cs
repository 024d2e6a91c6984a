using System.Text;
using MemCluster.Reporting.Files;

namespace MemCluster.Reporting.Report;

/// <summary>The report's folder: the page, each figure as SVG and PNG, and the table of verdicts as Markdown where there are claims.</summary>
public static class ReportFiles
{
    public const string Page = "report.html";
    public const string Verdicts = "verdicts.md";

    /// <summary>The folder inside a sweep's results.</summary>
    public static string FolderOf(string results) => Path.Combine(results, "report");

    /// <returns>Paths of page and pictures, the page first.</returns>
    public static async Task<IReadOnlyList<string>> Write(string folder, SweepReport report, bool withPng = true)
    {
        Directory.CreateDirectory(folder);
        var page = Path.Combine(folder, Page);
        await AtomicFile.WriteText(page, text => text.WriteAsync(ReportHtml.Of(report)));
        var written = new List<string> { page };
        foreach (var (drawing, name) in report.Figures.Concat(report.Heat).Concat(report.Curves).SelectMany(FigureDrawings.Of))
        {
            await Put(name + ".svg", Encoding.UTF8.GetBytes(SvgWriter.Of(drawing, name, isFile: true)));
            if (withPng)
            {
                await Put(name + ".png", PngWriter.Of(drawing));
            }
        }

        if (report.Verdicts.Length > 0)
        {
            await AtomicFile.WriteText(Path.Combine(folder, Verdicts), text => text.WriteAsync(VerdictsMarkdown.Of(report)));
        }

        return written;

        async Task Put(string name, byte[] bytes)
        {
            written.Add(Path.Combine(folder, name));
            await AtomicFile.Write(written[^1], file => file.WriteAsync(bytes).AsTask());
        }
    }
}
