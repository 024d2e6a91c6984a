using System.Runtime.InteropServices;

namespace MemCluster.Coordinator;

/// <summary>
/// Which file it is that stands at a path. SQLite goes on writing, and says nothing, into a file that was deleted or replaced under it: what it writes
/// is then gone with the process.
/// </summary>
/// <param name="Inode">Its number; nobody else's while somebody has the file open.</param>
/// <param name="Born">When it was made, where the file system knows: a number may be used again.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Inode, UInt128 Born)
{
    /// <summary>It is there, and which it is can't be found out.</summary>
    public static readonly FileIdentity Unknown;

    /// <returns>Null where there is no such file.</returns>
    public static FileIdentity? Of(string path)
    {
        const int NoSuchFile = 2;
        const int NoFolder = 20;
        var said = new byte[Length];
        try
        {
            return Look(WorkingFolder, path, 0, Inodes | Births, said) == 0 ? Read(said)
                : Marshal.GetLastPInvokeError() is NoSuchFile or NoFolder ? null
                : Unknown;
        }
        catch (Exception problem) when (problem is EntryPointNotFoundException or DllNotFoundException)
        {
            return File.Exists(path) ? Unknown : null; // Another system than Linux, or an old one.
        }
    }

    /// <summary>Whether what stands there now is certainly not what stood there before.</summary>
    /// <param name="now">Null: nothing is there.</param>
    public static bool IsGone(FileIdentity? before, FileIdentity? now) =>
        before is { } file && (now is not { } other || (file != Unknown && other != Unknown && file != other));

    private const int WorkingFolder = -100;
    private const uint Inodes = 0x100;
    private const uint Births = 0x800;

    /// <summary>Of struct statx, which is the same on every processor, unlike struct stat.</summary>
    private const int Length = 256;

    private static FileIdentity Read(ReadOnlySpan<byte> statx)
    {
        var born = (MemoryMarshal.Read<uint>(statx) & Births) != 0 ? new UInt128(MemoryMarshal.Read<ulong>(statx[80..]), MemoryMarshal.Read<uint>(statx[88..])) : 0;
        return new(((ulong)MemoryMarshal.Read<uint>(statx[136..]) << 32) | MemoryMarshal.Read<uint>(statx[140..]), MemoryMarshal.Read<ulong>(statx[32..]), born);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int folder, string path, int flags, uint mask, [Out] byte[] said);
}
