using Akka.Actor;
using Akka.Pattern;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>The two actors that speak for a sweep, each below its supervisor.</summary>
/// <param name="Rules">A <see cref="SweepActor"/>.</param>
/// <param name="Metrics">A <see cref="MetricsActor"/>.</param>
internal sealed record SweepActors(IActorRef Rules, IActorRef Metrics)
{
    /// <summary>
    /// The life of the sweep's actor that said last how it stands; nobody before the first. Words for it go to that life and no other: what its
    /// supervisor passed on to the next one, and that one kept while it was reading, would be heard after the coordinator had taken it for lost.
    /// </summary>
    public IActorRef Voice { get; private init; } = ActorRefs.Nobody;

    public IEnumerable<IActorRef> All => [Rules, Metrics];

    /// <summary>Null if the speaker is no life of this sweep: a sweep of that name was deleted while its actor was starting again.</summary>
    public SweepActors? Heard(IActorRef speaker) => speaker.Path.Parent.Equals(Rules.Path) ? this with { Voice = speaker } : null;

    public static SweepActors Begin(IActorRefFactory within, IActorRef coordinator, SweepId sweep, int earlier, TimeProvider clock)
    {
        var rules = Supervised(within, Props.Create(() => new SweepActor(sweep, earlier, coordinator, clock)), Streams.Control(sweep, earlier));
        return new(rules, Supervised(within, Props.Create(() => new MetricsActor(sweep, earlier, coordinator, rules, clock)), Streams.Metrics(sweep, earlier)));
    }

    public void Stop()
    {
        Rules.Tell(StopCoordinator.Instance);
        Metrics.Tell(StopCoordinator.Instance);
    }

    /// <summary>A failed write stops the actor for good; its supervisor starts it again, later and later, until the database is back.</summary>
    private static IActorRef Supervised(IActorRefFactory within, Props props, string name) => within.ActorOf(
        BackoffSupervisor.Props(Backoff
            .OnStop(props, "it", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 0.2, -1)
            .WithFinalStopMessage(message => message is StopCoordinator)),
        name);
}
