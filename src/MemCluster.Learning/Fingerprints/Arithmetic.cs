using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>What one kind of operation gave.</summary>
/// <param name="Operation">Such as <c>product 32×784×64</c>, or <c>cnn adversarial: curvature</c>.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Digest">8 hexadecimal digits over the bits.</param>
public sealed record ArithmeticDigest(string Operation, string Precision, string Digest);

/// <summary>
/// What this process's arithmetic gives, operation by operation: two machines that agree on all of them may share a sweep. First the kernels that
/// training, scoring and measures are made of, then whole tiny trials of every kind of network, with every measure.
/// </summary>
public static class Arithmetic
{
    /// <summary>Every digest there is, in order. Loads libtorch: pin the instruction set before. About a second.</summary>
    public static IReadOnlyList<ArithmeticDigest> All() => OnOneThread(() => (IReadOnlyList<ArithmeticDigest>)[.. ArithmeticOperations.All(), .. ArithmeticTrials.All()]);

    /// <summary>The short form: tiny trials of every network, every measure on one of each kind. A fraction of a second.</summary>
    public static IReadOnlyList<ArithmeticDigest> OfTrials() => OnOneThread(ArithmeticTrials.Brief);

    /// <summary>The same once more in poisoned memory.</summary>
    public static IReadOnlyList<ArithmeticDigest> Poisoned(Func<IReadOnlyList<ArithmeticDigest>> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        using var poison = PoisonedMemory.Begin(collectEvery: 500);
        return taken();
    }

    /// <summary>Those whose bits differ; a correct machine gives none.</summary>
    public static IReadOnlyList<ArithmeticDigest> Differing(IReadOnlyList<ArithmeticDigest> one, IReadOnlyList<ArithmeticDigest> other) =>
        [.. one.Except(other)];

    /// <summary>16 hexadecimal digits over some digests.</summary>
    public static string FingerprintOf(IEnumerable<ArithmeticDigest> digests) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', digests.Select(one => $"{one.Operation} {one.Precision} {one.Digest}")))).AsSpan(0, 8));

    internal static string DigestOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 4));

    // The number of tensor threads belongs to the thread, and the caller's stays as it is.
    private static IReadOnlyList<ArithmeticDigest> OnOneThread(Func<IReadOnlyList<ArithmeticDigest>> taken)
    {
        IReadOnlyList<ArithmeticDigest> found = [];
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                set_num_threads(1);
                found = taken();
            }
            catch (Exception caught)
            {
                failure = ExceptionDispatchInfo.Capture(caught);
            }
        })
        { Name = "arithmetic" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return found;
    }
}
