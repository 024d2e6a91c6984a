using System.Text;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>
/// docs/settings.md has every setting with its default and its range, as the code has them. With MEMCLUSTER_WRITE_SAMPLES set the tables are written
/// anew, below the line that says so.
/// </summary>
public sealed class SettingsPageTests
{
    private const string Begin = "<!-- Below: written by SettingsPageTests -->\n";

    [Fact]
    public void The_page_of_settings_says_what_the_code_knows()
    {
        var page = File.ReadAllText(PathOf("settings.md")).ReplaceLineEndings("\n");
        var hand = page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)];
        if (Environment.GetEnvironmentVariable("MEMCLUSTER_WRITE_SAMPLES") is { Length: > 0 })
        {
            File.WriteAllText(PathOf("settings.md"), page = hand + Tables());
        }

        Assert.Equal(Tables(), page[hand.Length..]);
    }

    private static string Tables()
    {
        var text = new StringBuilder();
        foreach (var section in SettingsSchema.All.Where(setting => setting.Section != "measures").GroupBy(setting => setting.Section).OrderBy(group => group.Key.Length == 0))
        {
            text.Append($"\n## {(section.Key.Length > 0 ? section.Key : "At the top of the file")}\n\n| setting | as an axis | default | a value is | what it does |\n|---|---|---|---|---|\n");
            foreach (var setting in section)
            {
                var standard = setting.TextOf(new());
                text.Append($"| `{setting.Path}` | `{setting.Name}` | {(standard.Length > 0 ? $"`{standard}`" : "–")} | {setting.Expected} | {setting.Meaning} |\n");
            }
        }

        text.Append("\n## Kinds of noise\n\n| noise | level | what it does |\n|---|---|---|\n");
        foreach (var kind in NoiseKind.All)
        {
            text.Append($"| `{kind.Name}` | {(kind.TakesLevel ? "share of the training examples, from 0 to 1" : "–")} | {kind.Meaning}{(kind.MayKeepTrueClass ? "; `keep-true-class=false`: never the true one" : "")} |\n");
        }

        text.Append("\n## Kinds of regularizers\n\n| regularizer | its number | its other settings |\n|---|---|---|\n");
        foreach (var kind in RegularizerKind.All)
        {
            string[] others =
            [
                .. kind.Option is { } option ? (string[])[$"`{option.Name}`: {string.Join(", ", option.Choices)}"] : [],
                .. (kind.Numbers ?? []).Select(number => $"`{number.Name}` ({number.Default.ToString(System.Globalization.CultureInfo.InvariantCulture)}): {number.Expected}"),
            ];
            text.Append($"| `{kind.Name}` | {kind.Expected} | {(others.Length == 0 ? "–" : string.Join("; ", others))} |\n");
        }

        return text.ToString();
    }

    private static string PathOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        }

        return Path.Combine(folder.FullName, "docs", name);
    }
}
