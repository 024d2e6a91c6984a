namespace MemCluster.Cli.Tests;

/// <summary>A folder says who may use whom: none of a project uses another that uses it in turn, near or far.</summary>
public sealed class FolderTests
{
    /// <summary>
    /// Circles that are still to go. Coordinator: the journal's places know the nodes that stand in and the reading, and those know them; the HTTP door's
    /// words stand with the actors. Cli: the tree of commands stands in one folder with what every command uses.
    /// </summary>
    private static readonly string[] Known = [];

    private static string Sources => Path.Combine(Checkout.Folder, "src");

    public static TheoryData<string> Projects() => [.. Directory.EnumerateDirectories(Sources, "MemCluster.*").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_have_an_order(string project)
    {
        var circles = FolderUses.Of(project == "MemCluster.Cli" ? "memcluster.dll" : project + ".dll", Path.Combine(Sources, project)).Circles();
        if (Known.Contains(project))
        {
            Assert.NotEmpty(circles);
        }
        else
        {
            Assert.True(circles.Count == 0, string.Join('\n', circles));
        }
    }
}
