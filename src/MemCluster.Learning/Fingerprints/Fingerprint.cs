using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// What this machine's arithmetic is like, in one word: two machines with the same fingerprint may share a sweep. It covers tiny trials of every kind
/// of network with every measure (<see cref="Arithmetic"/> has what it is made of).
/// </summary>
public static class Fingerprint
{
    /// <summary>
    /// By the word that the process is pinned to: what every processor gave on which that was tried (docs/numerics.md), under this
    /// <see cref="NumericsSettings.Version"/>. A trainer with another one is told so; it may work all the same, with others like it.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Published = new Dictionary<string, string>
    {
        [NumericsSettings.Avx2] = "0e515d5f4283b32c",
    };

    /// <summary>
    /// 16 hexadecimal digits. Computed twice, the second time in poisoned memory: a machine on which the two differ would compute trials wrongly.
    /// Loads libtorch: pin the instruction set before.
    /// </summary>
    /// <exception cref="UnsteadyArithmeticException">The two differ.</exception>
    public static string Compute()
    {
        var digests = Arithmetic.OfTrials();
        var faults = Arithmetic.Differing(digests, InOtherMemory());
        return faults.Count == 0 ? Arithmetic.FingerprintOf(digests) : throw new UnsteadyArithmeticException(
            $"the same operations give other bits in other memory ({faults.Count} of them, first: {faults[0].Operation}, {faults[0].Precision})");
    }

    private static IReadOnlyList<ArithmeticDigest> InOtherMemory()
    {
        try
        {
            return Arithmetic.Poisoned(Arithmetic.OfTrials);
        }
        catch (Exception failure) when (failure is ExternalException or InvalidOperationException)
        {
            throw new UnsteadyArithmeticException($"what goes well in one memory fails in another ({failure.Message.Split('\n')[0]})", failure);
        }
    }
}

/// <summary>This machine's tensor library computes with memory that nobody wrote, so its results can't be trusted.</summary>
/// <param name="what">What was seen, in the middle of a sentence.</param>
public sealed class UnsteadyArithmeticException(string what, Exception? cause = null) : Exception($"{what}; memcluster numerics --check lists it", cause)
{
    public string What { get; } = what;
}
