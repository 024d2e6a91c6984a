using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MemCluster.Operations.Chaos;

/// <summary>
/// An endless sequence of faults, and a function of the seed, the faults and the number of trainers alone: what the machine makes of them takes no part in it,
/// so that a run which went wrong can be had again. Each draw is SHA-256 of the seed and its own place; none depends on those before it.
/// </summary>
/// <param name="Faults">At least one.</param>
public sealed record ChaosSchedule(ulong Seed, IReadOnlyList<ChaosFault> Faults, int Trainers)
{
    /// <summary>Longer than a lease of 15 s, and than what the cluster takes to give up a silent node.</summary>
    private const double LongestPause = 30;
    private const double Lease = 15;

    /// <summary>In rounds: each fault once in a drawn order, then each once more, so that a short run leaves none out.</summary>
    public IEnumerable<ChaosStep> Steps()
    {
        for (var round = 0; ; round++)
        {
            var order = Faults.Select((fault, place) => (Fault: fault, Key: Draw("order", round, place))).OrderBy(entry => entry.Key).Select(entry => entry.Fault).ToArray();
            for (var place = 0; place < order.Length; place++)
            {
                yield return Step((round * order.Length) + place + 1, order[place]);
            }
        }
    }

    /// <summary>Of the first so many steps, and of what the schedule was drawn from: equal where they are.</summary>
    public string Digest(int steps)
    {
        var text = $"seed {Seed} faults {string.Join(',', Faults.Select(fault => fault.Name()))} trainers {Trainers}\n{string.Concat(Steps().Take(steps).Select(step => $"{step}\n"))}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    private ChaosStep Step(int number, ChaosFault fault)
    {
        var (target, strength, kind) = (Share("target", number), Share("strength", number), Share("kind", number));
        var node = (int)(target * (Trainers + 1));
        return new(
            number, fault,
            fault switch
            {
                ChaosFault.Kill or ChaosFault.Pause or ChaosFault.Clock => node,
                ChaosFault.Network => (int)(target * (Trainers + 2)) - 1, // All is one of them.
                _ => 0,
            },
            fault switch
            {
                ChaosFault.Pause => kind < 0.5 ? Tenths(1, 10, strength) : Tenths(Lease + 1, LongestPause, strength),
                ChaosFault.Network => strength < 0.5 ? Tenths(1, 8, strength * 2) : Tenths(8, 25, (strength * 2) - 1),
                ChaosFault.Database => Tenths(1, 15, strength),
                ChaosFault.Disk => Tenths(1, 10, strength),
                ChaosFault.Clock => (kind < 0.5 ? -1 : 1) * Tenths(3600, 48 * 3600, strength),
                _ => 0,
            },
            fault == ChaosFault.Network && kind < 0.5,
            Math.Round(Share("place", number), 6), (int)(kind * 8));
    }

    private static double Tenths(double least, double most, double share) => Math.Round(least + ((most - least) * share), 1);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    private double Share(string what, int number) => (Draw(what, number, 0) >> 11) * (1.0 / (1UL << 53));

    private ulong Draw(string what, int number, int place) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"memcluster chaos {Seed} {what} {number} {place}")));
}
