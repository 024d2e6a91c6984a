using System.Collections.Immutable;
using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>What the coordinator's own stream says of sweeps.</summary>
/// <param name="Head">The last event that it was read from.</param>
/// <param name="Forgotten">How many sweeps of a name were deleted.</param>
internal sealed record KnownSweeps(
    StreamHead Head, ImmutableHashSet<SweepId> Sweeps, ImmutableHashSet<SweepId> Ended, ImmutableDictionary<SweepId, int> Forgotten) : INoSerializationVerificationNeeded
{
    public static readonly KnownSweeps Nothing = new(StreamHead.Begin, [], [], ImmutableDictionary<SweepId, int>.Empty);

    public KnownSweeps With(Written written) => (written.Event switch
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
    { Head = new(written.Number, written.Link) };
}
