using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>The sweeps of every schedule, read once. No cell is in two of them.</summary>
internal static class Specs
{
    public static readonly IReadOnlyList<SweepSpec> All =
    [
        SpecFile.FromCanonical("sweep: sleeps\nnetwork: { kind: sleep, seconds: 0 }\ntraining: { epochs: 4 }\nseeds: 9\n"),
        SpecFile.FromCanonical("sweep: prunes\nnetwork: { kind: sleep, seconds: 0 }\ntraining: { epochs: 3 }\naxes: { prune: [none, el2n highest 0.5] }\nseeds: 2\n"),
        SpecFile.FromCanonical("sweep: trains\ndata: { name: glyphs, train: 100, validation: 100 }\ntraining: { epochs: 5 }\nseeds: 5\n"),
    ];

    public static readonly IReadOnlyDictionary<SweepId, Grid> Grids = All.ToDictionary(spec => spec.Name, spec => new Grid(spec));
}
