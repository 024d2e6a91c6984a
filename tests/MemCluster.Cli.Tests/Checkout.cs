namespace MemCluster.Cli.Tests;

/// <summary>The folder that this code was built in.</summary>
internal static class Checkout
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No MemCluster.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
