using System.Globalization;

namespace MemCluster.Reporting.Tests.Browser;

/// <summary>
/// Reports as Chromium lays them out: on a phone, on a screen, on a wide one, on paper, in the dark. <c>MEMCLUSTER_PAGES</c> may name a folder of reports to look at
/// as well, <c>MEMCLUSTER_PICTURES</c> one for a picture of each look.
/// </summary>
[Trait("Category", "Browser")]
public sealed class ReportInBrowserTests : IDisposable
{
    // A4 without margins of 14 mm, in CSS pixels.
    private const int Paper = 688;

    private static readonly (string Name, int Width, bool Dark, string Media)[] Looks =
    [
        ("phone", 390, false, "screen"), ("phone-dark", 390, true, "screen"), ("screen", 1000, false, "screen"), ("wide", 1600, false, "screen"), ("wide-dark", 1600, true, "screen"),
        ("paper", Paper, false, "print"), ("paper-of-a-dark-screen", Paper, true, "print"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-pages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ChromiumFact]
    public async Task Nothing_in_a_report_overlaps_is_cut_off_is_too_faint_or_asks_the_network()
    {
        foreach (var (name, html) in HardPages.All)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, name + ".html"), html);
        }

        var more = Environment.GetEnvironmentVariable("MEMCLUSTER_PAGES") is { Length: > 0 } named ? Directory.GetFiles(named, "*.html", SearchOption.AllDirectories) : [];
        await using var chromium = await Chromium.Start();
        var wrong = new List<string>();
        foreach (var file in Directory.GetFiles(_folder).Concat(more).Order(StringComparer.Ordinal))
        {
            wrong.AddRange(await Faults(chromium, file, Looks));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
    }

    [ChromiumTheory]
    [InlineData("overlaps", """<p style="margin:0">one line of text</p><p style="margin:-1.2em 0 0">and one over it</p>""")]
    [InlineData("px wide in a window", """<p style="width:5000px">long</p>""")]
    [InlineData("cut off at the edge of the window", """<div style="overflow:hidden"><p style="white-space:nowrap;width:20000px;text-align:right">far</p></div>""")]
    [InlineData("cut off at the edge of its figure", """<svg viewBox="0 0 90 30" width="90" height="30"><title>f</title><text x="60" y="20" font-size="12">too far right</text></svg>""")]
    [InlineData("too small", """<svg viewBox="0 0 900 300" width="90" height="30"><title>f</title><text x="60" y="90" font-size="12">small</text></svg>""")]
    [InlineData("too faint", """<p style="color:#aaa;background:#fff">pale</p>""")]
    [InlineData("too faint", """<svg viewBox="0 0 90 30" width="90" height="30"><title>f</title><path d="M0 0L90 0L90 30L0 30Z" fill="#333"/><text x="10" y="20" font-size="12">on dark</text></svg>""")]
    [InlineData("asked for http://127.0.0.1:9/", """<img src="http://127.0.0.1:9/a.png">""")]
    [InlineData("wider than its cell", """<table style="width:90px;table-layout:fixed"><tr><td>unbreakable_long_word</td><td>next</td></tr></table>""")]
    public async Task A_page_with_a_fault_is_found_out(string fault, string body)
    {
        var file = Path.Combine(_folder, "faulty.html");
        await File.WriteAllTextAsync(file, $"""<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>f</title><body style="background:#fff;color:#000">{body}</body></html>""");
        await using var chromium = await Chromium.Start();

        Assert.Contains(await Faults(chromium, file, Looks[2..3]), line => line.Contains(fault, StringComparison.Ordinal));
    }

    private static async Task<List<string>> Faults(Chromium chromium, string file, IEnumerable<(string, int, bool, string)> looks)
    {
        var wrong = new List<string>();
        await using var page = await BrowserPage.Of(chromium);
        foreach (var (name, width, dark, media) in looks)
        {
            var look = $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileNameWithoutExtension(file)}, {name}";
            // Nine pixels are small print on a screen, eight in the hand, and 7.5 are 5.6 points on paper.
            var script = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Browser", "look.js")))
                .Replace("MINIMUM", (media == "print" ? 7.5 : width < 500 ? 8 : 9).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            await page.Show(file, width, dark, media);
            wrong.AddRange(Lines(await page.Evaluate(script)).Select(line => $"{look}: {line}"));
            await Picture(look, "png", page.Screenshot);
            if (media == "print")
            {
                await Picture(look, "pdf", page.Pdf);
            }
            else if (await page.Evaluate("`${[...document.querySelectorAll('details')].map(details => details.open = true).length}`") != "0")
            {
                wrong.AddRange(Lines(await page.Evaluate(script)).Select(line => $"{look}, opened: {line}"));
            }
        }

        var own = new Uri(file).AbsoluteUri;
        wrong.AddRange(page.Requests.Where(address => address != own).Distinct().Select(address => $"{file} asked for {address}"));
        wrong.AddRange(page.Complaints.Distinct().Select(complaint => $"{file}: {complaint}"));
        return wrong;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task Picture(string look, string kind, Func<Task<byte[]>> take)
    {
        if (Environment.GetEnvironmentVariable("MEMCLUSTER_PICTURES") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{look.Replace("/", "-", StringComparison.Ordinal).Replace(", ", "-", StringComparison.Ordinal)}.{kind}"), await take());
        }
    }
}
