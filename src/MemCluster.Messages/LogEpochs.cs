using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Numerics;

namespace MemCluster.Messages;

/// <summary>Epochs on a logarithmic grid: the whole numbers nearest to 10^(k/N), from 1 on, each once.</summary>
public static class LogEpochs
{
    /// <summary>The most epochs in a decade: more are not told apart below epoch 100.</summary>
    public const int MostInDecade = 100;

    private const int Decades = 6;

    private static readonly ConcurrentDictionary<int, FrozenSet<int>> Grids = new();

    /// <param name="inDecade">N, 1 to <see cref="MostInDecade"/>.</param>
    /// <returns>Those up to 1,000,000, as many as training can have.</returns>
    public static IReadOnlySet<int> Of(int inDecade) => Grids.GetOrAdd(inDecade, each =>
        Enumerable.Range(0, (Decades * each) + 1).Select(k => Nearest(k, each)).ToFrozenSet());

    /// <summary>The epoch e with e − ½ ≤ 10^(k/N) &lt; e + ½, that is (2e − 1)^N ≤ 2^N·10^k &lt; (2e + 1)^N: in whole numbers, because a power function's last bit differs between machines.</summary>
    private static int Nearest(int k, int inDecade)
    {
        var power = BigInteger.Pow(2, inDecade) * BigInteger.Pow(10, k);
        var epoch = (int)Math.Round(Math.Pow(10, (double)k / inDecade));
        while (BigInteger.Pow((2 * epoch) - 1, inDecade) > power)
        {
            epoch--;
        }

        while (BigInteger.Pow((2 * epoch) + 1, inDecade) <= power)
        {
            epoch++;
        }

        return epoch;
    }
}
