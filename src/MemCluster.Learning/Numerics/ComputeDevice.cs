using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Where the tensors of this process are made and computed with: one device, chosen when it begins. A build has the graphics card's libraries
/// only where it was asked for them (<c>-p:Cuda=true</c>): they are gigabytes.
/// </summary>
public static class ComputeDevice
{
    public const string Auto = "auto";
    public const string Cpu = "cpu";
    private const string CudaPrefix = "cuda:";

    private static Device? _device;

    /// <summary>Whether this build can compute on a graphics card.</summary>
    public static bool HasCuda =>
#if CUDA
        true;
#else
        false;
#endif

    /// <summary><c>cpu</c>, or the card: <c>cuda:0</c>.</summary>
    public static string Name { get; private set; } = Cpu;

    public static bool IsCuda => Name != Cpu;

    /// <summary>As torch has it. Loads libtorch.</summary>
    internal static Device Torch => _device ??= IsCuda ? device(Name) : CPU;

    /// <summary>
    /// Chooses the device; before any tensor is made, and after the instruction set is pinned, because looking for a card loads libtorch.
    /// Null, or a sentence that says why it can't be and what to do; then nothing has changed.
    /// </summary>
    /// <param name="asked"><c>auto</c>: the first card where build and machine have one, else the processor; <c>cpu</c>; <c>cuda:N</c>.</param>
    public static string? Choose(string asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        if (asked is Cpu || (asked is Auto && !HasCuda))
        {
            return null;
        }

        if (asked is not Auto && !(asked.StartsWith(CudaPrefix, StringComparison.Ordinal)
            && uint.TryParse(asked.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return $"'{asked}' is no device. There are: auto, cpu, and cuda:0, cuda:1 and so on.";
        }

        if (!HasCuda)
        {
            return $"This build computes on the processor only, not on {asked}. Build it for graphics cards with: dotnet publish src/MemCluster.Cli -c Release -p:Cuda=true";
        }

        return ChooseCard(asked);
    }

    // Never inlined: a build without a card does not look at torch types here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? ChooseCard(string asked)
    {
        var cards = cuda.is_available() ? cuda.device_count() : 0;
        var number = asked is Auto ? 0 : int.Parse(asked.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
        if (number >= cards)
        {
            return asked is Auto ? null : $"There is no {asked} here: libtorch sees {(cards == 0 ? "no graphics card" : $"{cards}, counted from 0")}. Look with: nvidia-smi";
        }

        Name = CudaPrefix + number.ToString(CultureInfo.InvariantCulture);
        NumericsPin.BecomesCuda();
        return null;
    }
}
