using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// Pins the instruction set that libtorch and its libraries compute with, so that machines of different kinds agree to the bit. The libraries
/// read their environment when they load, so the pin must come first, and it holds for the whole process.
/// </summary>
public static partial class NumericsPin
{
    /// <summary>
    /// A thread that says nothing would compute on all cores, in another order of sums, and wait for them by spinning; whoever wants more says so on his thread.
    /// </summary>
    private static readonly (string Name, string Value) OneThread = ("OMP_NUM_THREADS", "1");

    private static readonly Lock Gate = new();
    private static string? _pinned;

    /// <summary>The word that this process is pinned to; <c>native</c> before any.</summary>
    public static string Pinned
    {
        get
        {
            lock (Gate)
            {
                return _pinned ?? NumericsSettings.Native;
            }
        }
    }

    /// <summary>
    /// Pins this process; a second call with the same word changes nothing. Null, or a sentence that says why it can't be and what to do.
    /// </summary>
    /// <param name="instructionSet"><c>avx2</c>, <c>avx512</c>, or <c>native</c>: whatever the machine does.</param>
    public static string? Pin(string instructionSet)
    {
        lock (Gate)
        {
            if (_pinned == instructionSet)
            {
                return null;
            }

            var problem = _pinned is not null
                ? $"This process computes with numerics: {_pinned}, pinned when it began; a trial with numerics: {instructionSet} needs another process."
                : instructionSet switch
                {
                    NumericsSettings.Native => Loosen(),
                    NumericsSettings.Avx2 => CantPin(instructionSet, Avx2.IsSupported && Fma.IsSupported, "AVX2") ?? SetAll(instructionSet, "avx2", "AVX2"),
                    NumericsSettings.Avx512 => CantPin(instructionSet, Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported, "AVX-512")
                        ?? SetAll(instructionSet, "avx512", "AVX512"),
                    NumericsSettings.Cuda => "This process computes on its processor; a trial with numerics: cuda needs a trainer that was started with "
                        + "--device cuda:0, from a build with -p:Cuda=true.",
                    _ => $"'{instructionSet}' is no instruction set. There are: avx2, avx512, native, cuda.",
                };
            _pinned = problem is null ? instructionSet : _pinned;
            return problem;
        }
    }

    /// <summary>
    /// From here on the process computes on a graphics card, whatever its processor was pinned to. Sums there follow the card and its libraries,
    /// which the fingerprint tells apart. The matrix library's changing workspace is turned off. No tensor library is touched here: trials that
    /// only wait are pinned too, and never load it.
    /// </summary>
    internal static void BecomesCuda()
    {
        lock (Gate)
        {
            SetEnvironment("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 1);
            _pinned = NumericsSettings.Cuda;
        }
    }

    private static string? CantPin(string instructionSet, bool isSupported, string what) =>
        !OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64
            ? $"This machine ({RuntimeInformation.RuntimeIdentifier}) can't be pinned to numerics: {instructionSet}, which needs Linux on x64. "
                + "Use numerics: native; its numbers then hold for machines of this kind."
        : !isSupported
            ? $"This machine's processor has no {what}, so it can't compute with numerics: {instructionSet}. Use numerics: native; its numbers then hold for machines of this kind."
        : IsLoaded("libtorch_cpu")
            ? $"libtorch was loaded before its instruction set was pinned to numerics: {instructionSet}; pin it when the process begins, or use numerics: native."
        : null;

    private static string? SetAll(string instructionSet, string aten, string mkl)
    {
        // ATen's own kernels, and MKL's products and functions: each follows its own variable. oneDNN's convolutions are not used at all.
        foreach (var (name, value) in new[] { ("ATEN_CPU_CAPABILITY", aten), ("MKL_CBWR", mkl), OneThread })
        {
            if (SetEnvironment(name, value, 1) != 0)
            {
                return $"{name} can't be set in this process, so numerics: {instructionSet} can't be kept. Use numerics: native.";
            }
        }

        if (MklVendor.Answer() is { } problem)
        {
            return $"The matrix library can't be pinned to numerics: {instructionSet} here: {problem}. Use numerics: native; its numbers then hold for machines of this kind.";
        }

        KeepHeap();
        return null;
    }

    /// <summary>Nothing is pinned; but the matrix library uses what the processor can do, whoever made it, where it can be told so.</summary>
    private static string? Loosen()
    {
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && !IsLoaded("libtorch_cpu"))
        {
            MklVendor.Answer();
            _ = SetEnvironment(OneThread.Name, OneThread.Value, 1);
            KeepHeap();
        }

        return null;
    }

    /// <summary>
    /// glibc gives large blocks back to the system and gets them again, page by page, at every training step. Kept instead, a step of a wide network
    /// takes up to a third less; no number changes. On another C library the call does nothing or is not there.
    /// </summary>
    private static void KeepHeap()
    {
        const int TrimThreshold = -1, TopPad = -2, MapThreshold = -3;
        try
        {
            _ = SetHeap(MapThreshold, 256 << 20);
            _ = SetHeap(TrimThreshold, 1 << 30);
            _ = SetHeap(TopPad, 64 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc: as fast as it is.
        }
    }

    private static bool IsLoaded(string library) => File.ReadLines("/proc/self/maps").Any(line => line.Contains(library, StringComparison.Ordinal));

    // Environment.SetEnvironmentVariable changes only .NET's own copy on Linux; native code reads the C library's.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetHeap(int parameter, int value);
}
