using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What the coordinator does at a word: what it knows afterwards, and what is to be done.</summary>
public sealed record RosterDecision(Roster Roster, ImmutableArray<RosterEffect> Effects);

/// <summary>A decision while it is being made; never seen outside of one.</summary>
internal sealed class RosterStep(Roster roster, Moment now)
{
    private ImmutableArray<RosterEffect>.Builder _effects = ImmutableArray.CreateBuilder<RosterEffect>();

    public Roster Roster { get; set; } = roster;

    public Moment Now => now;

    public RosterDecision Decision() => new(Roster, _effects.ToImmutable());

    public void Do(RosterEffect effect) => _effects.Add(effect);

    public void Note(RosterNote note) => Do(new RosterEffect.Note(note));

    /// <summary>The state knows of the event at once; what is done by the action follows the write.</summary>
    public void Write(CoordinatorEvent happened, Action? then = null)
    {
        Roster = Roster.Apply(happened);
        var before = _effects;
        _effects = ImmutableArray.CreateBuilder<RosterEffect>();
        then?.Invoke();
        before.Add(new RosterEffect.Write(happened, _effects.ToImmutable()));
        _effects = before;
    }

    public SweepDesk? Desk(SweepId sweep) => Roster.Desks.GetValueOrDefault(sweep);

    public Seat? Seat(string name) => Roster.Seats.GetValueOrDefault(name);

    public void Put(SweepDesk desk) => Roster = Roster with { Desks = Roster.Desks.SetItem(desk.Sweep, desk) };

    public void Put(Seat seat) => Roster = Roster with { Seats = Roster.Seats.SetItem(seat.Name, seat) };

    public void Put(Seat seat, Lease lease) => Put(seat with { Held = seat.Held.SetItem(lease.Key, lease) });

    public void Remove(Seat seat)
    {
        Roster = Roster with { Seats = Roster.Seats.Remove(seat.Name) };
        Do(new RosterEffect.Rise(seat.Name));
    }

    public void Tell(Seat seat, CoordinatorWord word)
    {
        if (seat.IsTaken)
        {
            Do(new RosterEffect.Tell(seat.Name, word));
        }
    }

    public void Answer(CoordinatorWord word) => Do(new RosterEffect.Answer(word));
}
