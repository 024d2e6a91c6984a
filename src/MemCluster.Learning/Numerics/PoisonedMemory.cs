using System.Runtime.InteropServices;

namespace MemCluster.Learning;

/// <summary>
/// While it lives, every tensor's memory begins as NaN, with NaN before and behind it, and the collector runs in the middle of tensor operations:
/// a kernel that reads what nobody wrote, or one number too far, and an object that is freed while libtorch reads it, then show in the results.
/// For checks only: memory is slower, and the whole process is poisoned.
/// </summary>
/// <remarks>
/// libtorch asks an object with a table of functions for memory. It is given another object, whose table is a copy but for "allocate", which asks the
/// first for more than was wanted and hands out the middle. What frees a block finds its beginning again: 15 bytes of machine code, because a tensor may be
/// freed when .NET is gone already.
/// </remarks>
public sealed unsafe class PoisonedMemory : IDisposable
{
    /// <summary>An environment variable.</summary>
    public const string Variable = "MEMCLUSTER_POISON";

    /// <summary>Bytes of NaN on either side; keeps the alignment of 64.</summary>
    private const int Zone = 64;

    // c10::Allocator: two destructors, allocate, is_simple_data_ptr, raw_deleter, copy_data.
    private const int Functions = 6;
    private const int Allocate = 2;
    private const int RawDeleter = 4;

    /// <summary>A quiet NaN as float and as double, −1 as a whole number.</summary>
    private const byte Nan = 0xff;

    /// <summary>What the C library hands out beside tensors' memory begins as 0x7f7f7f7f: 3.4e38, or 1.4e306 as double.</summary>
    private const int PerturbParameter = -6;
    private const int Perturbed = 0x80;

    private static readonly Lazy<bool> Asked = new(() => Environment.GetEnvironmentVariable(Variable) is "1");
    private static readonly Lazy<PoisonedMemory> WholeProcess = new(() => Begin(collectEvery: 100));
    private static readonly Lock Gate = new();
    private static delegate* unmanaged<DataPointer*, nint, nuint, DataPointer*> _allocate;
    private static nint _first;
    private static nint _ours;
    private static nint _free;
    private static int _users;
    private static int _collectEvery;
    private static int _made;
    private bool _ended;

    private PoisonedMemory()
    {
    }

    /// <summary>Loads libtorch. May be nested; the last one to end lifts it.</summary>
    /// <param name="collectEvery">The collector runs at every so many blocks; 0: when it wants to.</param>
    public static PoisonedMemory Begin(int collectEvery = 0)
    {
        lock (Gate)
        {
            if (_users++ == 0)
            {
                Prepare();
                TorchLibrary.SetAllocator(_ours);
                _ = SetHeap(PerturbParameter, Perturbed);
            }

            _collectEvery = collectEvery;
            return new();
        }
    }

    /// <summary>For the whole process, where <see cref="Variable"/> is 1: any command or test can be run in it.</summary>
    public static void BeginIfAsked()
    {
        if (Asked.Value)
        {
            _ = WholeProcess.Value;
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            if (--_users == 0)
            {
                TorchLibrary.SetAllocator(_first);
                _ = SetHeap(PerturbParameter, 0);
            }
        }
    }

    private static void Prepare()
    {
        if (_ours != 0)
        {
            return;
        }

        _first = TorchLibrary.Allocator;
        var table = *(nint**)_first;
        _allocate = (delegate* unmanaged<DataPointer*, nint, nuint, DataPointer*>)table[Allocate];

        // Never freed: tensors remember who made them.
        var copy = (nint*)NativeMemory.Alloc(Functions * (nuint)sizeof(nint));
        new Span<nint>(table, Functions).CopyTo(new Span<nint>(copy, Functions));
        copy[Allocate] = (nint)(delegate* unmanaged<DataPointer*, nint, nuint, DataPointer*>)&Poisoned;
        (_free, copy[RawDeleter]) = Freeing(((delegate* unmanaged<nint, nint>)table[RawDeleter])(_first));
        var ours = (nint*)NativeMemory.Alloc((nuint)sizeof(nint));
        *ours = (nint)copy;
        _ours = (nint)ours;
    }

    /// <param name="first">What frees a block from its beginning.</param>
    /// <returns>What frees one from behind its zone; and what names that.</returns>
    private static (nint Free, nint Named) Freeing(nint first)
    {
        const int Size = 4096, ReadWrite = 3, ReadRun = 5, PrivateAnonymous = 0x22;
        var code = Map(0, Size, ReadWrite, PrivateAnonymous, -1, 0);
        if (code == -1)
        {
            throw new InvalidOperationException("There is no memory for the check of memory.");
        }

        // sub rdi, 64; mov rax, first; jmp rax — and, 32 bytes on: mov rax, the former; ret
        ((byte[])[0x48, 0x83, 0xef, Zone, 0x48, 0xb8, .. BitConverter.GetBytes((long)first), 0xff, 0xe0]).CopyTo(new Span<byte>((void*)code, 32));
        ((byte[])[0x48, 0xb8, .. BitConverter.GetBytes((long)code), 0xc3]).CopyTo(new Span<byte>((void*)(code + 32), 32));
        return Protect(code, Size, ReadRun) == 0
            ? (code, code + 32)
            : throw new InvalidOperationException("This system lets no program make code, which the check of memory needs.");
    }

    [UnmanagedCallersOnly]
    private static DataPointer* Poisoned(DataPointer* result, nint self, nuint bytes)
    {
        if (_collectEvery > 0 && Interlocked.Increment(ref _made) % _collectEvery == 0)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        }

        _allocate(result, _first, bytes + 2 * Zone);
        if (result->Data is not null)
        {
            NativeMemory.Fill(result->Data, bytes + 2 * Zone, Nan);
            result->Data += Zone;
            (result->Context, result->Deleter) = ((nint)result->Data, _free);
        }

        return result;
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint at, nuint size, int rights, int kind, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint at, nuint size, int rights);

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetHeap(int parameter, int value);

    /// <summary>c10::DataPtr: where the numbers are, who frees what, and on which device.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct DataPointer
    {
        public byte* Data;
        public nint Deleter;
        public nint Context;
        public int Device;
    }
}
