using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>Trials that have ended and tell of a sweep to come how far its seeds spread: of the same configurations, whatever sweep they were trained in.</summary>
/// <param name="Spec">The sweep, with the seeds of these trials instead of its own.</param>
/// <param name="Observed">Their numbers; a trial that there is none of is to come.</param>
/// <param name="Known">How many of the seeds, from the first on, are the sweep's own: their trials come out the same.</param>
/// <param name="From">The sweeps that they are of.</param>
public sealed record PilotSeeds(SweepSpec Spec, Observations Observed, int Known, ImmutableArray<SweepId> From);
