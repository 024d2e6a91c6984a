using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

/// <summary>A test on published files, skipped with the reason where they are not on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute(string set)
    {
        var card = DataCatalog.Find(set)!;
        if (card.Files.All(file => RealData.Folder.Locate(card, file.Name) is null))
        {
            Skip = $"No {set} on this machine. Looked in {string.Join(", ", RealData.Folder.Places)}. Set {DataFolder.Variable} to the folder that holds {set}/.";
        }
    }
}

internal static class RealData
{
    /// <summary>The usual places, then a data folder shared by checkouts, beside this one.</summary>
    public static DataFolder Folder { get; } = new([.. DataFolder.Find().Places, .. Beside()]);

    private static IEnumerable<string> Beside()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
            {
                yield return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
            }
        }
    }
}
