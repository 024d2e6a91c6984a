using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MemCluster.Learning;

/// <summary>
/// Consecutive blocks of Philox, four at a time where the processor can. Integers only: the same words either way. Dropout draws a number for
/// every unit of every batch, and one block after the other took an eighth of a training step.
/// </summary>
internal static class PhiloxBlocks
{
    /// <summary>Words that <see cref="Fill"/> writes: four blocks of four.</summary>
    public const int Words = 16;

    /// <summary>The words of the blocks <paramref name="first"/> … first + 3, in order.</summary>
    public static void Fill(Span<uint> words, ulong first, ulong stream, ulong key)
    {
        if (Avx2.IsSupported)
        {
            Four(words, first, stream, key);
        }
        else
        {
            OneByOne(words, first, stream, key);
        }
    }

    internal static void OneByOne(Span<uint> words, ulong first, ulong stream, ulong key)
    {
        for (var i = 0; i < 4; i++)
        {
            var block = first + (ulong)i;
            (words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]) = Philox.Block(
                (uint)block, (uint)(block >> 32), (uint)stream, (uint)(stream >> 32), (uint)key, (uint)(key >> 32));
        }
    }

    internal static void Four(Span<uint> words, ulong first, ulong stream, ulong key)
    {
        // A block in each 64-bit lane, its words in the lower halves; what gathers in the upper halves is never read.
        var counter = Vector256.Create(first, first + 1, first + 2, first + 3);
        var (a, b) = (counter, counter >>> 32);
        var (c, d) = (Vector256.Create(stream), Vector256.Create(stream >> 32));
        var (left, right) = (Vector256.Create((ulong)Philox.Left).AsUInt32(), Vector256.Create((ulong)Philox.Right).AsUInt32());
        var (key0, key1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Philox.Rounds; round++)
        {
            var productA = Avx2.Multiply(a.AsUInt32(), left);
            var productC = Avx2.Multiply(c.AsUInt32(), right);
            (a, b, c, d) = (
                (productC >>> 32) ^ b ^ Vector256.Create((ulong)key0), productC,
                (productA >>> 32) ^ d ^ Vector256.Create((ulong)key1), productA);
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }

        var low = Vector256.Create(0xFFFF_FFFFUL);
        var pairs = MemoryMarshal.Cast<uint, ulong>(words);
        var (ab, cd) = ((a & low) | (b << 32), (c & low) | (d << 32));
        for (var i = 0; i < 4; i++)
        {
            (pairs[2 * i], pairs[2 * i + 1]) = (ab[i], cd[i]);
        }
    }
}
