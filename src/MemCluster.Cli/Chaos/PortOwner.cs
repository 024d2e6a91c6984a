using System.Globalization;

namespace MemCluster.Cli.Chaos;

/// <summary>Which of some processes has opened a connection, by /proc.</summary>
internal static class PortOwner
{
    /// <returns>Null where it is none of them.</returns>
    public static int? Of(int from, int to, IReadOnlyList<(int Node, int Process)> processes) =>
        Inode(from, to) is not { } inode ? null
        : processes.Where(process => Holds(process.Process, $"socket:[{inode}]")).Select(process => (int?)process.Node).FirstOrDefault();

    /// <summary>Columns of /proc/net/tcp: number, local address, remote address, …, inode at the tenth place; addresses end in a colon and the port.</summary>
    private static string? Inode(int from, int to)
    {
        var (near, far) = ($":{from.ToString("X4", CultureInfo.InvariantCulture)}", $":{to.ToString("X4", CultureInfo.InvariantCulture)}");
        return Lines("/proc/net/tcp").Concat(Lines("/proc/net/tcp6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[1].EndsWith(near, StringComparison.Ordinal) && fields[2].EndsWith(far, StringComparison.Ordinal))
            .Select(fields => fields[9]).FirstOrDefault();
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static bool Holds(int process, string socket)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/fd")
                .Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name == socket);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
