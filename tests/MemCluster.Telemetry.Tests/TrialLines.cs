using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace MemCluster.Tests;

/// <summary>The rule that every line about a trial names sweep, trial and attempt, as fields.</summary>
internal static partial class TrialLines
{
    private static readonly string[] Names = ["sweep", "trial", "attempt"];

    /// <summary>Lines that speak of a trial: by a field, or in their words.</summary>
    public static IReadOnlyList<CollectedLine> Of(IEnumerable<CollectedLine> lines) =>
        [.. lines.Where(line => line.Fields.ContainsKey("trial") || line.Fields.ContainsKey("attempt") || SpeaksOfOne().IsMatch(line.Message))];

    public static void AllNameTheirTrial(IEnumerable<CollectedLine> lines) => Assert.All(Of(lines), line =>
    {
        Assert.All(Names, name => Assert.True(line.Fields.GetValueOrDefault(name) is not null, $"no {name}: {line}"));
        Assert.IsType<int>(line.Fields["trial"]);
        Assert.IsType<int>(line.Fields["attempt"]);
    });

    /// <summary>The templates of a project: those with one of the three names have all of them.</summary>
    public static void AllTemplatesOf(Assembly assembly)
    {
        var templates = assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message)
            .OfType<string>()
            .ToArray();
        Assert.NotEmpty(templates);
        Assert.All(
            templates.Where(template => template.Contains("{trial}", StringComparison.Ordinal) || template.Contains("{attempt}", StringComparison.Ordinal)),
            template => Assert.StartsWith("{sweep} trial {trial} attempt {attempt} ", template, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\b[Tt]rial \d|#\d|[0-9a-f]{16}")]
    private static partial Regex SpeaksOfOne();
}
