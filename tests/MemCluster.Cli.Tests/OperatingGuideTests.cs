using System.Text.RegularExpressions;
using MemCluster.Operations.Verbs;

namespace MemCluster.Cli.Tests;

/// <summary>docs/operating.md against the verbs there are.</summary>
public sealed partial class OperatingGuideTests
{
    private const int Widest = 100;

    public static TheoryData<string> Verbs() => [.. OperatorCatalogue.All.Select(verb => verb.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_is_spoken_of_and_shown_with_what_it_prints(string verb)
    {
        var guide = Guide();
        Assert.Contains($"`{verb}", Fenced().Replace(guide, ""), StringComparison.Ordinal);
        var lines = Fenced().Matches(guide).SelectMany(block => block.Value.Split('\n')).ToList();
        Assert.Contains(lines.Index(), line =>
            (line.Item == $"$ memcluster {verb}" || line.Item.StartsWith($"$ memcluster {verb} ", StringComparison.Ordinal))
            && lines[line.Index + 1] is { Length: > 0 } said && !said.StartsWith('$') && !said.StartsWith("```", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_verb_prints_there_fits_a_terminal() => Assert.All(
        Fenced().Matches(Guide()).Select(block => block.Value)
            .Where(block => OperatorCatalogue.All.Any(verb => block.Contains($"\n$ memcluster {verb.Name}", StringComparison.Ordinal)))
            .SelectMany(block => block.Split('\n')),
        line => Assert.True(line.Length <= Widest, line));

    private static string Guide() => File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "operating.md"));

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
