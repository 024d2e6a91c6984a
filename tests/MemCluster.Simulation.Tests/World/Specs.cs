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
        // Its claims ask for seeds: one is decided by the first two, the other hardly ever.
        SpecFile.FromCanonical("sweep: trains\ndata: { name: glyphs, train: 100, validation: 100 }\ntraining: { epochs: 5 }\naxes: { capacity: [8, 16] }\nreplicates: { until: decided, at-least: 2, at-most: 5 }\n"
            + "claims: { clear: { measure: validation_accuracy_best, where: { capacity: 8 }, holds: \">= 0\" }, open: { measure: validation_accuracy_best, where: { capacity: 16 }, holds: \">= 0.5\" } }\n"),
    ];

    public static readonly IReadOnlyDictionary<SweepId, Grid> Grids = All.ToDictionary(spec => spec.Name, spec => new Grid(spec));
}
