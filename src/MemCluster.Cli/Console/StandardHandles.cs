using System.Runtime.InteropServices;

namespace MemCluster.Cli;

/// <summary>Whether standard output and standard error were open when the program began; service managers and cron's wrappers close them.</summary>
internal static partial class StandardHandles
{
    private const int GetFlags = 1;
    private const int GetStatus = 3;
    private const int CloseOnExec = 1;
    private const int AccessMode = 3;

    /// <summary>
    /// False also where the number has since gone to a file of the runtime's own, which are all closed on exec; what a program inherits never
    /// is. Then nothing may be written to it: it could be anybody's file.
    /// </summary>
    public static bool IsWritable(int number)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        var flags = Control(number, GetFlags);
        if (flags == -1)
        {
            // The next file that is opened, the journal perhaps, would get this number, and what libraries print.
            _ = Duplicate(Open("/dev/null", 2), number);
            return false;
        }

        return (flags & CloseOnExec) == 0 && (Control(number, GetStatus) & AccessMode) != 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int number, int what);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string file, int how);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int from, int to);
}
