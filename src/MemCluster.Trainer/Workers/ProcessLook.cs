using System.Globalization;

namespace MemCluster.Trainer;

/// <summary>What a process takes of the machine at a moment, as Linux tells it.</summary>
/// <param name="Memory">Bytes that are resident.</param>
/// <param name="Processor">Time of processors that it has used since it began, all its threads together.</param>
internal readonly record struct ProcessLook(long Memory, TimeSpan Processor)
{
    /// <summary>Of /proc, on every processor that Linux runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <returns>Null where it has ended.</returns>
    public static ProcessLook? At(int process)
    {
        try
        {
            return Of(File.ReadAllText($"/proc/{process}/statm"), File.ReadAllText($"/proc/{process}/stat"), Environment.SystemPageSize);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="memory">A line of statm: pages, the second number those that are resident.</param>
    /// <param name="state">A line of stat: the name in brackets, which may hold anything, then the state and numbers; times from the twelfth on.</param>
    public static ProcessLook? Of(string memory, string state, int pageSize)
    {
        var pages = memory.Split(' ');
        var fields = state[(state.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return pages.Length > 1 && fields.Length > 12
            ? new(Number(pages[1]) * pageSize, TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond))
            : null;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
