using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// What libtorch can do and TorchSharp doesn't offer: reached by the names that its libraries export. A name that is gone is an error, never passed
/// over: numbers hang on it.
/// </summary>
internal static unsafe class TorchLibrary
{
    private static readonly Lazy<nint> Processor = new(() => Loaded("torch_cpu"));
    private static readonly Lazy<nint> Core = new(() => Loaded("c10"));

    /// <summary>
    /// Takes oneDNN and NNPACK out of the choice of kernels, for the whole process: convolutions are then unfolded and multiplied by libtorch itself.
    /// oneDNN's direct convolutions read lanes that nobody wrote where channels don't fill whole blocks, so that their results depend on what lay
    /// in memory before. (docs/decisions/0018-convolutions.md)
    /// </summary>
    /// <exception cref="InvalidOperationException">This libtorch can't be told so.</exception>
    public static void ForgoForeignKernels()
    {
        var context = ((delegate* unmanaged<nint>)Export(Processor.Value, "_ZN2at13globalContextEv", "?globalContext@at@@YAAEAVContext@1@XZ"))();
        Off("Mkldnn", 20);
        Off("NNPACK", 20);

        void Off(string library, int length)
        {
            // void at::Context::setUserEnabled…(bool), bool at::Context::userEnabled…() const
            var set = Export(Processor.Value, $"_ZN2at7Context{length}setUserEnabled{library}Eb", $"?setUserEnabled{library}@Context@at@@QEAAX_N@Z");
            var get = Export(Processor.Value, $"_ZNK2at7Context{length - 3}userEnabled{library}Ev", $"?userEnabled{library}@Context@at@@QEBA_NXZ");
            ((delegate* unmanaged<nint, byte, void>)set)(context, 0);
            if (((delegate* unmanaged<nint, byte>)get)(context) != 0)
            {
                throw new InvalidOperationException($"libtorch goes on choosing kernels of {library}, whose results can't be trusted.");
            }
        }
    }

    /// <summary>The object that makes every tensor's memory (<c>c10::Allocator*</c>).</summary>
    public static nint Allocator => ((delegate* unmanaged<nint>)Export(Core.Value, "_ZN3c1015GetCPUAllocatorEv"))();

    public static void SetAllocator(nint allocator) =>
        ((delegate* unmanaged<nint, byte, void>)Export(Core.Value, "_ZN3c1015SetCPUAllocatorEPNS_9AllocatorEh"))(allocator, byte.MaxValue);

    private static nint Loaded(string name)
    {
        _ = get_num_threads(); // Loads it, wherever it lies.
        foreach (System.Diagnostics.ProcessModule module in System.Diagnostics.Process.GetCurrentProcess().Modules)
        {
            if (Path.GetFileNameWithoutExtension(module.ModuleName) is var found && (found == "lib" + name || found == name))
            {
                return NativeLibrary.Load(module.FileName);
            }
        }

        throw new InvalidOperationException($"libtorch has no library '{name}' in this process.");
    }

    private static nint Export(nint library, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryGetExport(library, name, out var found))
            {
                return found;
            }
        }

        throw new InvalidOperationException($"This libtorch has no {names[0]}; MemCluster was written for another version of it.");
    }
}
