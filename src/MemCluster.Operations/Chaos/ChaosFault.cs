namespace MemCluster.Operations.Chaos;

/// <summary>What <c>memcluster chaos</c> does to a cluster.</summary>
public enum ChaosFault
{
    /// <summary>SIGKILL for one process, which is started again at once.</summary>
    Kill,

    /// <summary>SIGSTOP for one process, and SIGCONT some seconds later: shorter or longer than a lease.</summary>
    Pause,

    /// <summary>The lines of one process, or all lines, are cut, or take what is sent and say nothing.</summary>
    Network,

    /// <summary>The journal's database takes no writes for a while, or drops its connections.</summary>
    Database,

    /// <summary>The coordinator can't make any file longer.</summary>
    Disk,

    /// <summary>One bit of the journal's file is another, while nobody is at work on it.</summary>
    Flip,

    /// <summary>One bit of a checkpoint is another.</summary>
    Checkpoint,

    /// <summary>One process is started again on a machine whose clock is hours off.</summary>
    Clock,
}

/// <summary>Which faults were asked for, and which of them can be had.</summary>
public static class ChaosFaults
{
    /// <summary>Words of <c>--faults</c>, in the order of the enumeration.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<ChaosFault>().Select(fault => fault.Name())];

    public static string Name(this ChaosFault fault) => fault.ToString().ToLowerInvariant();

    /// <param name="text">Names with commas between them; null: all.</param>
    /// <returns>Each once, in an order that does not depend on how they were said.</returns>
    /// <exception cref="UserError">One of them is none.</exception>
    public static IReadOnlyList<ChaosFault> Parse(string? text)
    {
        if (text is null)
        {
            return Enum.GetValues<ChaosFault>();
        }

        var said = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return said.FirstOrDefault(word => !Names.Contains(word)) is { } wrong ? throw new UserError($"--faults has no '{wrong}'; there are {string.Join(", ", Names)}.")
            : said.Length == 0 ? throw new UserError($"--faults names none; there are {string.Join(", ", Names)}.")
            : [.. Enum.GetValues<ChaosFault>().Where(fault => said.Contains(fault.Name()))];
    }

    /// <summary>Why it can't be had with such a journal; null where it can.</summary>
    /// <param name="sharedJournal">It is in PostgreSQL.</param>
    public static string? Hindrance(this ChaosFault fault, bool sharedJournal) => fault switch
    {
        ChaosFault.Disk when sharedJournal => "the journal is on the disk of a PostgreSQL server",
        ChaosFault.Flip when sharedJournal => "the journal is no file of this machine, and is not salvaged",
        _ => null,
    };
}
