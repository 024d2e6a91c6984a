using System.Collections.Immutable;
using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>What the coordinator's own stream says of sweeps.</summary>
/// <param name="Position">Number of the last event that it was read from.</param>
/// <param name="Forgotten">How many sweeps of a name were deleted.</param>
internal sealed record KnownSweeps(
    long Position, ImmutableHashSet<SweepId> Sweeps, ImmutableHashSet<SweepId> Ended, ImmutableDictionary<SweepId, int> Forgotten) : INoSerializationVerificationNeeded
{
    public static readonly KnownSweeps Nothing = new(0, [], [], ImmutableDictionary<SweepId, int>.Empty);

    /// <param name="number">The event's, in the stream.</param>
    public KnownSweeps With(object happened, long number) => (happened switch
    {
        CoordinatorEvent.SweepForgotten gone => this with
        {
            Sweeps = Sweeps.Remove(gone.Sweep),
            Ended = Ended.Remove(gone.Sweep),
            Forgotten = Forgotten.SetItem(gone.Sweep, Forgotten.GetValueOrDefault(gone.Sweep) + 1),
        },
        CoordinatorEvent.SweepRegistered registered => this with { Sweeps = Sweeps.Add(registered.Sweep), Ended = Ended.Remove(registered.Sweep) },
        CoordinatorEvent.SweepEnded over => this with { Ended = Ended.Add(over.Sweep) },
        _ => this,
    }) with
    { Position = number };
}
