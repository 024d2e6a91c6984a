using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace MemCluster.Learning;

/// <summary>
/// Lets the matrix library (oneMKL, inside libtorch) go by what the processor can do, whoever made it. It asks a function of its own,
/// <c>mkl_serv_intel_cpu_true</c>, whether the processor is an Intel one; on all others it takes a slow general branch and ignores the branch
/// that <c>MKL_CBWR</c> names, so that makers differ in their last bits. libtorch calls that function through its table of exported names, where
/// a library that was opened before goes first: one that has only this function and answers "yes". Nothing of MKL is changed or copied.
/// (docs/decisions/0017-the-same-bits-on-every-processor.md)
/// </summary>
internal static partial class MklVendor
{
    private const string Question = "mkl_serv_intel_cpu_true";

    // dlopen: find every name at once, and let libraries opened later find ours.
    private const int NowForAll = 0x2 | 0x100;

    // Once for each process: a library stays open.
    private static bool _answered;

    /// <summary>Before libtorch is loaded. Null, or why it can't be.</summary>
    public static string? Answer()
    {
        if (_answered)
        {
            return null;
        }

        // A file that lives in memory: nothing is left behind, and no folder needs to allow programs.
        var image = Library();
        var file = CreateInMemory("memcluster-mkl", 1);
        if (file < 0)
        {
            return "this system has no files in memory (memfd_create)";
        }

        try
        {
            if (Write(file, image, image.Length) != image.Length)
            {
                return "a file in memory can't be written";
            }

            _answered = Open($"/proc/self/fd/{file}", NowForAll) != 0;
            return _answered ? null : Marshal.PtrToStringUTF8(LastProblem()) ?? "it can't be opened";
        }
        finally
        {
            _ = Close(file);
        }
    }

    /// <summary>
    /// The shared library, 64-bit ELF for x86-64, byte by byte: a machine that builds or runs this has no compiler. Code and tables lie in the first
    /// page; the loader writes into the table of contents (the "dynamic section"), so that has a page of its own.
    /// </summary>
    internal static byte[] Library()
    {
        const int Symbols = 0x200, Names = 0x260, Hash = 0x2a0, Code = 0x300, Page = 0x1000, Entries = 6;
        var image = new byte[Page + 16 * Entries];
        byte[] names = [0, .. Encoding.ASCII.GetBytes(Question), 0];
        byte[] code = [0xb8, 1, 0, 0, 0, 0xc3]; // mov eax, 1; ret

        // Header: shared object (3) for x86-64 (62), program headers behind it.
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(image);
        Put16(16, 3);
        Put16(18, 62);
        Put32(20, 1);
        Put64(32, 64);
        Put16(52, 64);
        Put16(54, 56);
        Put16(56, 4);
        Segment(0, kind: 1, rights: 5, at: 0, Code + code.Length, align: Page);
        Segment(1, kind: 1, rights: 6, at: Page, 16 * Entries, align: Page);
        Segment(2, kind: 2, rights: 6, at: Page, 16 * Entries, align: 8);
        Segment(3, kind: 0x6474e551, rights: 6, at: 0, 0, align: 16); // No code on the stack.

        // One function, global, and the table by which it is found: one bucket, two symbols (the first is always empty).
        Put32(Symbols + 24, 1);
        image[Symbols + 28] = 0x12;
        Put16(Symbols + 30, 1);
        Put64(Symbols + 32, Code);
        Put64(Symbols + 40, code.Length);
        names.CopyTo(image, Names);
        Put32(Hash, 1);
        Put32(Hash + 4, 2);
        Put32(Hash + 8, 1);
        code.CopyTo(image, Code);

        // Where hash table, names and symbols are, the size of the names and of a symbol, and the end.
        (long Tag, long Value)[] contents = [(4, Hash), (5, Names), (6, Symbols), (10, names.Length), (11, 24), (0, 0)];
        foreach (var (place, (tag, value)) in contents.Index())
        {
            Put64(Page + 16 * place, tag);
            Put64(Page + 16 * place + 8, value);
        }

        return image;

        void Segment(int number, int kind, int rights, long at, long size, long align)
        {
            var place = 64 + 56 * number;
            Put32(place, kind);
            Put32(place + 4, rights);
            foreach (var (field, value) in ((long[])[at, at, at, size, size, align]).Index())
            {
                Put64(place + 8 + 8 * field, value);
            }
        }

        void Put16(int place, int value) => BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(place), (short)value);
        void Put32(int place, int value) => BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(place), value);
        void Put64(int place, long value) => BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(place), value);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateInMemory(string name, uint closeOnExec);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte[] bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint LastProblem();
}
