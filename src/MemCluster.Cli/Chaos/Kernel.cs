using System.Runtime.InteropServices;

namespace MemCluster.Cli.Chaos;

/// <summary>What is asked of Linux for other processes.</summary>
internal static partial class Kernel
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    private const int FileSize = 1;

    /// <summary>A process that has just ended is none of ours any more, and no error.</summary>
    public static void Send(int process, int signal) => _ = SendSignal(process, signal);

    /// <summary>How long any file may become by its writes; null: as long as the disk lets it.</summary>
    /// <returns>Whether it is so now.</returns>
    public static bool LimitFiles(int process, long? bytes) =>
        LimitResource(process, FileSize, new Limits(bytes is { } most ? (ulong)most : ulong.MaxValue, ulong.MaxValue), 0) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int LimitResource(int process, int resource, in Limits next, nint before);

    private readonly record struct Limits(ulong Now, ulong Most);
}
