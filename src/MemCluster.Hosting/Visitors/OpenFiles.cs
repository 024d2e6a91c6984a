using System.Globalization;

namespace MemCluster.Hosting;

/// <summary>
/// How many connections a process may hold, by how many files it may open at all: those that the journal, the log and the cluster need must never
/// be taken up by callers.
/// </summary>
public static class OpenFiles
{
    private const int MostConnections = 512;
    private const int LeastConnections = 32;

    /// <summary>What a shell gives its processes where nobody said otherwise.</summary>
    private const long Usual = 1024;

    private const string Row = "Max open files";

    /// <summary>A quarter of what there may be: those that were told to go take a moment to be gone.</summary>
    public static int RoomForConnections => RoomIn(Limits());

    /// <param name="limits">As /proc/PID/limits has them; null where there is no such file.</param>
    internal static int RoomIn(string? limits)
    {
        var words = limits?.Split('\n').FirstOrDefault(line => line.StartsWith(Row, StringComparison.Ordinal))?[Row.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var may = words is [var soft, ..] && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said
            : words is ["unlimited", ..] ? long.MaxValue
            : Usual;
        return (int)Math.Clamp(may / 4, LeastConnections, MostConnections);
    }

    private static string? Limits()
    {
        try
        {
            return File.ReadAllText("/proc/self/limits");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
