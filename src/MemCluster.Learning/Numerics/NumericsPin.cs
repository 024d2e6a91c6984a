using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Pins the instruction set that libtorch and its libraries compute with, so that machines of different kinds agree to the bit. The libraries
/// read their environment when they load, so the pin must come first, and it holds for the whole process.
/// </summary>
public static partial class NumericsPin
{
    private static readonly Lock Gate = new();
    private static string? _pinned;

    /// <summary>
    /// Pins this process; a second call with the same word changes nothing. Null, or a sentence that says why it can't be and what to do.
    /// </summary>
    /// <param name="instructionSet"><c>avx2</c>, or <c>native</c>: whatever the machine does.</param>
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
                    NumericsSettings.Native => null,
                    NumericsSettings.Avx2 => Avx2Problem() ?? SetAll(),
                    NumericsSettings.Cuda => "This process computes on its processor; a trial with numerics: cuda needs a trainer that was started with "
                        + "--device cuda:0, from a build with -p:Cuda=true.",
                    _ => $"'{instructionSet}' is no instruction set. There are: avx2, native, cuda.",
                };
            _pinned = problem is null ? instructionSet : _pinned;
            return problem;
        }
    }

    /// <summary>
    /// From here on the process computes on a graphics card, whatever its processor was pinned to. Sums there follow the card and its libraries,
    /// which the fingerprint tells apart. Shortened products and the matrix library's changing workspace are turned off; TorchSharp has no way to
    /// ask for deterministic kernels of everything else.
    /// </summary>
    internal static void BecomesCuda()
    {
        lock (Gate)
        {
            SetEnvironment("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 1);
            backends.cuda.matmul.allow_tf32 = false;
            backends.cudnn.allow_tf32 = false;
            _pinned = NumericsSettings.Cuda;
        }
    }

    private static string? Avx2Problem() =>
        !OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64
            ? $"This machine ({RuntimeInformation.RuntimeIdentifier}) can't be pinned to numerics: avx2, which needs Linux on x64. "
                + "Use numerics: native; its numbers then hold for machines of this kind."
        : !Avx2.IsSupported
            ? "This machine's processor has no AVX2, so it can't compute with numerics: avx2. Use numerics: native; its numbers then hold for machines of this kind."
        : IsLoaded("libtorch_cpu")
            ? "libtorch was loaded before its instruction set was pinned to numerics: avx2; pin it when the process begins, or use numerics: native."
        : null;

    private static string? SetAll()
    {
        // ATen's own kernels, MKL's matrix products, oneDNN's convolutions: each follows its own variable.
        foreach (var (name, value) in new[] { ("ATEN_CPU_CAPABILITY", "avx2"), ("MKL_CBWR", "AVX2"), ("ONEDNN_MAX_CPU_ISA", "AVX2") })
        {
            if (SetEnvironment(name, value, 1) != 0)
            {
                return $"{name} can't be set in this process, so numerics: avx2 can't be kept. Use numerics: native.";
            }
        }

        return null;
    }

    private static bool IsLoaded(string library) => File.ReadLines("/proc/self/maps").Any(line => line.Contains(library, StringComparison.Ordinal));

    // Environment.SetEnvironmentVariable changes only .NET's own copy on Linux; native code reads the C library's.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
