namespace MemCluster.Simulation.Tests;

/// <summary>Draws of one seed, in their order (SplitMix64): the same on every machine and with every version of the run time.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0, below 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Is(double probability) => Share() < probability;

    /// <summary>Both ends included.</summary>
    public int From(int least, int most) => least + (int)(Next() % (ulong)(most - least + 1));

    public TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + ((most - least) * Share()));

    public T Of<T>(IReadOnlyList<T> list) => list[From(0, list.Count - 1)];
}
