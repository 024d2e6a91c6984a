using System.Runtime.InteropServices;

namespace MemCluster.Learning;

/// <summary>
/// Files that may come from anybody. A named pipe is opened only when somebody writes to it, /dev/zero has no end, and opening some
/// devices does something; so what is no file is not opened.
/// </summary>
public static partial class RegularFile
{
    /// <summary>For reading; a link is followed to what it names.</summary>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    /// <exception cref="IOException">It is no file, or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path) => OtherKind(path) is { } kind
        ? throw new IOException($"It is a {kind}, no file.")
        : new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);

    /// <summary>Null for a file; also where it can't be found out, and opening it then says why.</summary>
    private static string? OtherKind(string path)
    {
        if (Directory.Exists(path))
        {
            return "folder";
        }

        try
        {
            var said = new byte[Length];
            return Look(WorkingFolder, path, 0, Kinds, said) != 0 ? null : (MemoryMarshal.Read<ushort>(said.AsSpan(ModeAt)) & KindMask) switch
            {
                File => null,
                Pipe => "named pipe",
                Socket => "socket",
                _ => "device",
            };
        }
        catch (Exception problem) when (problem is EntryPointNotFoundException or DllNotFoundException)
        {
            return null; // Another system than Linux, or an old one.
        }
    }

    private const int WorkingFolder = -100;
    private const uint Kinds = 1;

    /// <summary>Of struct statx, which is the same on every processor, unlike struct stat.</summary>
    private const int Length = 256;

    private const int ModeAt = 28;
    private const int KindMask = 0xF000;
    private const int File = 0x8000;
    private const int Pipe = 0x1000;
    private const int Socket = 0xC000;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int folder, string path, int flags, uint mask, [Out] byte[] said);
}
