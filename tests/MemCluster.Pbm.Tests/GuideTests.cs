using System.Text.RegularExpressions;
using MemCluster.Coordinator.Pbm;
using MemCluster.Operations.Verbs;

namespace MemCluster.Pbm.Tests;

/// <summary>The palette's commands in docs/operating.md, taken as a client would send them.</summary>
public sealed partial class GuideTests
{
    [Fact]
    public void Every_verb_is_shown_as_a_command_of_the_palette_that_it_understands()
    {
        var folder = Directory.CreateTempSubdirectory("memcluster-guide-").FullName;
        try
        {
            var shown = Shown().Matches(Guide()).Select(match => Word().Matches(match.Groups[1].Value).Select(word => word.Value.Trim('"')).ToArray()).ToList();

            Assert.Equal(OperatorCatalogue.All.Select(verb => verb.Name).Order(), shown.Select(words => words[0]).Order());
            foreach (var words in shown)
            {
                var said = words[1..].Chunk(2).Select(pair => Tuple.Create(pair[0], pair.ElementAtOrDefault(1) ?? "")).ToList();
                var read = PaletteArguments.Of(OperatorCatalogue.Find(words[0])!, said, new SpecsFolder(folder));
                Assert.Equal(said.Count, OperatorCatalogue.Find(words[0])!.Arguments.Sum(argument => read.All(argument.Name).Count));
            }
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static string Guide()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No MemCluster.sln above {AppContext.BaseDirectory}.");
        }

        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "operating.md"));
    }

    /// <summary>The first column of the table.</summary>
    [GeneratedRegex(@"^\| `sweep ([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Shown();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
