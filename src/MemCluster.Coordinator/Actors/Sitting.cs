using Akka.Actor;

namespace MemCluster.Coordinator;

/// <summary>Who sits at which seat: the actors behind the names that the roster knows, each watched while it sits.</summary>
internal sealed class Sitting(IActorContext context)
{
    private readonly Dictionary<string, (IActorRef Trainer, Guid Incarnation)> _seats = [];

    /// <summary>Nobody where the seat is empty.</summary>
    public IActorRef this[string seat] => _seats.TryGetValue(seat, out var sitting) ? sitting.Trainer : ActorRefs.Nobody;

    public void Sit(string seat, IActorRef trainer, Guid incarnation)
    {
        Rise(seat, unless: trainer);
        _seats[seat] = (trainer, incarnation);
        context.Watch(trainer);
    }

    /// <param name="unless">Who stays watched, since it sits down again.</param>
    public void Rise(string seat, IActorRef? unless = null)
    {
        if (_seats.Remove(seat, out var sitting) && !sitting.Trainer.Equals(unless) && _seats.Values.All(other => !other.Trainer.Equals(sitting.Trainer)))
        {
            context.Unwatch(sitting.Trainer);
        }
    }

    public IReadOnlyList<(string Seat, Guid Incarnation)> Of(IActorRef trainer) =>
        [.. _seats.Where(entry => entry.Value.Trainer.Equals(trainer)).Select(entry => (entry.Key, entry.Value.Incarnation))];
}
