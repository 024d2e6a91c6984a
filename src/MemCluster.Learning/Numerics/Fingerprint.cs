namespace MemCluster.Learning;

/// <summary>
/// What this machine's arithmetic is like, in one word: two machines with the same fingerprint may share a sweep. It covers tiny trials of every kind
/// of network with every measure (<see cref="Arithmetic"/> has what it is made of).
/// </summary>
public static class Fingerprint
{
    /// <summary>
    /// By the word that the process is pinned to: what every processor gave on which that was tried (docs/numerics.md), under this
    /// <see cref="MemCluster.Messages.NumericsSettings.Version"/>. A trainer with another one is told so; it may work all the same, with others like it.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Published = new Dictionary<string, string>
    {
        [MemCluster.Messages.NumericsSettings.Avx2] = "",
    };

    /// <summary>
    /// 16 hexadecimal digits. Computed twice, the second time in poisoned memory: a machine on which the two differ would compute trials wrongly.
    /// Loads libtorch: pin the instruction set before.
    /// </summary>
    /// <exception cref="UnsteadyArithmeticException">The two differ.</exception>
    public static string Compute()
    {
        var digests = Arithmetic.OfTrials();
        var faults = Arithmetic.Differing(digests, Arithmetic.Poisoned(Arithmetic.OfTrials));
        return faults.Count == 0 ? Arithmetic.FingerprintOf(digests) : throw new UnsteadyArithmeticException(faults);
    }
}

/// <summary>This machine's tensor library computes with memory that nobody wrote, so its results can't be trusted.</summary>
/// <param name="operations">Whose bits differ.</param>
public sealed class UnsteadyArithmeticException(IReadOnlyList<ArithmeticDigest> operations) : Exception(
    $"the same operations give other bits in other memory ({operations.Count} of them, first: {operations[0].Operation}, {operations[0].Precision}); "
    + "memcluster numerics --check lists them")
{
    public IReadOnlyList<ArithmeticDigest> Operations { get; } = operations;
}
