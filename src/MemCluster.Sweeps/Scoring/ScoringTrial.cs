using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// The trial that scores another one's training examples: the same settings, the same examples and the same noise, nothing left out, another seed. Its settings are an
/// ordinary trial's, and so are its cell and its numbers.
/// </summary>
public static class ScoringTrial
{
    /// <param name="pruned">Settings of the trial that needs the scores.</param>
    /// <param name="run">Which of its scoring trials, from 0.</param>
    public static TrialSettings SettingsOf(TrialSettings pruned, int run)
    {
        ArgumentNullException.ThrowIfNull(pruned);
        return pruned with
        {
            Prune = Prune.None,
            Measures = KindOf(pruned.Prune).Put(new(), new(pruned.Prune.Measured)),
            Data = pruned.Data.Of(pruned.Seed),
            NoiseSeed = pruned.Noise == Noise.None ? pruned.NoiseSeed : pruned.NoiseSeed ?? pruned.Seed,
            Seed = SeedOf(pruned.Seed, run),
        };
    }

    /// <summary>From 2^62 to below 2^63: no seed that is counted, and one that can be listed, to compute the same trial by itself.</summary>
    public static ulong SeedOf(ulong seed, int run)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"memcluster scores {seed} {run}")), digest);
        return (BinaryPrimitives.ReadUInt64LittleEndian(digest) >> 2) | (1UL << 62);
    }

    /// <summary>The measure that finds the score.</summary>
    public static MeasureKind KindOf(Prune prune)
    {
        ArgumentNullException.ThrowIfNull(prune);
        return MeasureKind.All.First(kind => kind.Examples.Contains(prune.Score));
    }
}
