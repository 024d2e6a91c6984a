using System.Globalization;

namespace MemCluster.EndToEnd.Tests;

/// <summary>The processes that a trainer trains in.</summary>
internal static class Workers
{
    public static IReadOnlyList<int> Of(int trainer) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(folder)
           where int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
           where Text($"{folder}/cmdline").EndsWith($"\0trial-worker\0{trainer}\0", StringComparison.Ordinal)
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    /// <summary>Not one that has ended and is only still counted.</summary>
    public static bool IsAlive(int process) => Text($"/proc/{process}/cmdline").Contains("trial-worker", StringComparison.Ordinal);

    /// <summary>The more, the sooner the kernel takes it when memory runs out.</summary>
    public static int TakenFirst(int process) => int.Parse(Text($"/proc/{process}/oom_score_adj"), NumberStyles.Integer, CultureInfo.InvariantCulture);

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // It has ended.
        }
    }
}
