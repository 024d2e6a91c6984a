using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace MemCluster.Learning;

/// <summary>Which processor this is, in words for people who compare two machines.</summary>
public static class Processor
{
    /// <summary>Such as <c>AMD EPYC (AuthenticAMD, family 25, model 17)</c>.</summary>
    public static string Name { get; } = X86Base.IsSupported ? OfX86() : RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>What numbers may be pinned to here.</summary>
    public static IReadOnlyList<string> InstructionSets { get; } =
    [
        .. Avx2.IsSupported && Fma.IsSupported ? ["AVX2"] : Array.Empty<string>(),
        .. Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported ? ["AVX-512"] : Array.Empty<string>(),
    ];

    private static string OfX86()
    {
        var (_, b, c, d) = X86Base.CpuId(0, 0);
        var (signature, _, _, _) = X86Base.CpuId(1, 0);
        var family = (signature >> 8) & 0xf;
        var model = ((signature >> 4) & 0xf) | (family is 6 or 15 ? (signature >> 12) & 0xf0 : 0);
        family += family == 15 ? (signature >> 20) & 0xff : 0;
        return $"{Brand()} ({Ascii(b, d, c)}, family {family}, model {model})";
    }

    private static string Brand() => unchecked((uint)X86Base.CpuId(unchecked((int)0x8000_0000), 0).Eax) < 0x8000_0004
        ? "unnamed"
        : string.Join(' ', Enumerable.Range(2, 3).Select(part => X86Base.CpuId(unchecked((int)0x8000_0000) + part, 0))
            .Aggregate("", (text, part) => text + Ascii(part.Eax, part.Ebx, part.Ecx, part.Edx))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Ascii(params ReadOnlySpan<int> registers) =>
        Encoding.ASCII.GetString(MemoryMarshal.AsBytes(registers)).Replace('\0', ' ').Trim();
}
