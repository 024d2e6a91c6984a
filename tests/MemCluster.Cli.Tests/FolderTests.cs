namespace MemCluster.Cli.Tests;

/// <summary>A folder says who may use whom: none of a project uses another that uses it in turn, near or far.</summary>
public sealed class FolderTests
{
    private static string Sources => Path.Combine(Checkout.Folder, "src");

    public static TheoryData<string> Projects() => [.. Directory.EnumerateDirectories(Sources, "MemCluster.*").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_have_an_order(string project)
    {
        var circles = FolderUses.Of(project == "MemCluster.Cli" ? "memcluster.dll" : project + ".dll", Path.Combine(Sources, project)).Circles();
        Assert.True(circles.Count == 0, string.Join('\n', circles));
    }
}
