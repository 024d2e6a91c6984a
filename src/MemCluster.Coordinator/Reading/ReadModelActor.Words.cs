using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence.Query;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

// What the read model's actor is told and asked.
internal sealed partial class ReadModelActor
{
    /// <summary>Answered with <see cref="Flushed"/> when everything written before is in the read model, or after a second.</summary>
    public sealed record Flush : INoSerializationVerificationNeeded;

    /// <summary>Look at the whole journal once more: another coordinator may have written there. A <see cref="Flush"/> waits for it.</summary>
    public sealed record Look : INoSerializationVerificationNeeded;

    /// <param name="Behind">Null when all is in the rows; else how far they are, and whoever still wants to wait asks again.</param>
    public sealed record Flushed(RowsBehind? Behind) : INoSerializationVerificationNeeded;

    /// <summary>What the coordinator's own stream says of sweeps.</summary>
    /// <param name="Position">Number of the last event that it was read from.</param>
    /// <param name="Forgotten">How many sweeps of a name were deleted.</param>
    private sealed record Known(
        long Position, ImmutableHashSet<SweepId> Sweeps, ImmutableHashSet<SweepId> Ended, ImmutableDictionary<SweepId, int> Forgotten) : INoSerializationVerificationNeeded
    {
        public static readonly Known Nothing = new(0, [], [], ImmutableDictionary<SweepId, int>.Empty);

        public Known With(IEnumerable<EventEnvelope> events) => events.Aggregate(this, (known, envelope) => (envelope.Event switch
        {
            CoordinatorEvent.SweepForgotten gone => known with
            {
                Sweeps = known.Sweeps.Remove(gone.Sweep),
                Ended = known.Ended.Remove(gone.Sweep),
                Forgotten = known.Forgotten.SetItem(gone.Sweep, known.Forgotten.GetValueOrDefault(gone.Sweep) + 1),
            },
            CoordinatorEvent.SweepRegistered registered => known with { Sweeps = known.Sweeps.Add(registered.Sweep), Ended = known.Ended.Remove(registered.Sweep) },
            CoordinatorEvent.SweepEnded over => known with { Ended = known.Ended.Add(over.Sweep) },
            _ => known,
        }) with
        { Position = envelope.SequenceNr });
    }

    private sealed record Batch(IReadOnlyList<Written> Events) : INoSerializationVerificationNeeded;

    private sealed record Folded : INoSerializationVerificationNeeded
    {
        public static readonly Folded Instance = new();
    }

    private sealed record CaughtUp(SweepId Sweep) : INoSerializationVerificationNeeded;

    /// <param name="Again">What to do about it.</param>
    private sealed record Unreadable(string What, string Why, object Again) : INoSerializationVerificationNeeded;

    /// <summary>It has an event that no second try will make sense of.</summary>
    private sealed record CantBeRead(SweepId Sweep, string Why) : INoSerializationVerificationNeeded;

    private sealed record FindSweeps : INoSerializationVerificationNeeded;

    private sealed record ReadAgain(SweepId Sweep) : INoSerializationVerificationNeeded;

    private sealed class Follow : INoSerializationVerificationNeeded
    {
        public static readonly Follow Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
