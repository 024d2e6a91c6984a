using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// The coordinator's whole memory, as a value: which sweeps there are and who is connected. It remembers almost nothing itself: what happened to
/// trials is written by the sweeps, who is here is told by the trainers again after every change of coordinator. What it does remember stands in
/// its own stream, and <see cref="Apply"/> reads it from there.
/// </summary>
/// <param name="LeaseTime">A trial whose trainer is silent for this long is given to another.</param>
public sealed record Roster(TimeSpan LeaseTime)
{
    /// <summary>The fencing number in every word to a trainer.</summary>
    public long Term { get; init; }

    public ImmutableSortedSet<SweepId> Known { get; init; } = [];

    /// <summary>Of the known: those that a later start need not open.</summary>
    public ImmutableSortedSet<SweepId> Ended { get; init; } = [];

    /// <summary>How many sweeps of a name were deleted: the next one's streams are counted by it.</summary>
    public ImmutableSortedDictionary<SweepId, int> Forgotten { get; init; } = ImmutableSortedDictionary<SweepId, int>.Empty;

    /// <summary>Trainer processes that are to get no new trials.</summary>
    public ImmutableHashSet<Guid> Drained { get; init; } = [];

    /// <summary>Processes whose name a newer process took over: they must not take it back.</summary>
    public ImmutableHashSet<Guid> Replaced { get; init; } = [];

    public ImmutableSortedDictionary<SweepId, SweepDesk> Desks { get; init; } = ImmutableSortedDictionary<SweepId, SweepDesk>.Empty;

    public ImmutableSortedDictionary<string, Seat> Seats { get; init; } = ImmutableSortedDictionary.Create<string, Seat>(StringComparer.Ordinal);

    /// <summary>Null where every sweep that is not over gets trainers; else only these, and who asks for one adds it.</summary>
    public ImmutableHashSet<SweepId>? Only { get; init; }

    /// <summary>It is being made sure that this coordinator is still the one, before trials are taken from the silent.</summary>
    public bool Confirming { get; init; }

    public bool IsDrained(Seat seat)
    {
        ArgumentNullException.ThrowIfNull(seat);
        return Drained.Contains(seat.Incarnation);
    }

    public bool IsAsked(SweepId sweep) => Only is null || Only.Contains(sweep);

    /// <summary>The trainer that holds exactly this attempt, as the sweep's own state says; null if none does.</summary>
    public Seat? HolderOf(TrialKey key) =>
        Desks.GetValueOrDefault(key.Sweep)?.State?.Find(key) is { } trial && Seats.GetValueOrDefault(trial.Trainer) is { } seat && seat.Held.ContainsKey(key) ? seat : null;

    public Roster Apply(CoordinatorEvent happened) => happened switch
    {
        CoordinatorEvent.SweepRegistered registered => this with { Known = Known.Add(registered.Sweep), Ended = Ended.Remove(registered.Sweep) },
        CoordinatorEvent.SweepEnded ended => this with { Ended = Ended.Add(ended.Sweep) },
        CoordinatorEvent.SweepForgotten forgotten => this with
        {
            Known = Known.Remove(forgotten.Sweep),
            Ended = Ended.Remove(forgotten.Sweep),
            Forgotten = Forgotten.SetItem(forgotten.Sweep, Forgotten.GetValueOrDefault(forgotten.Sweep) + 1),
        },
        CoordinatorEvent.TrainerDrained drained => this with
        {
            Drained = drained.Drained ? Drained.Add(drained.Incarnation) : Drained.Remove(drained.Incarnation),
        },
        CoordinatorEvent.TermBegan began => this with { Term = began.Term },
        CoordinatorEvent.TermHeld => this,
        _ => throw new NotSupportedException($"A {happened.GetType().Name} is no event of a coordinator."),
    };

    /// <summary>Of what stands in the stream, the rest is memory.</summary>
    public CoordinatorSnapshot ToSnapshot() => new(
        Term, [.. Known], [.. Ended], [.. Forgotten.Select(forgotten => new ForgottenSnapshot(forgotten.Key, forgotten.Value))], [.. Drained.Order()]);

    public Roster With(CoordinatorSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return this with
        {
            Term = snapshot.Term,
            Known = [.. snapshot.Known],
            Ended = [.. snapshot.Ended],
            Forgotten = snapshot.Forgotten.ToImmutableSortedDictionary(forgotten => forgotten.Sweep, forgotten => forgotten.Times),
            Drained = [.. snapshot.Drained],
        };
    }
}
