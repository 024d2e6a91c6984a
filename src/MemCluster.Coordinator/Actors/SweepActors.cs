using Akka.Actor;
using Akka.Pattern;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>The two actors that speak for a sweep, each below its supervisor.</summary>
/// <param name="Rules">A <see cref="SweepActor"/>.</param>
/// <param name="Metrics">A <see cref="MetricsActor"/>.</param>
internal sealed record SweepActors(IActorRef Rules, IActorRef Metrics)
{
    public IEnumerable<IActorRef> All => [Rules, Metrics];

    public static SweepActors Begin(IActorRefFactory within, IActorRef coordinator, SweepId sweep, int earlier, TimeProvider clock) => new(
        Supervised(within, Props.Create(() => new SweepActor(sweep, earlier, coordinator, clock)), Streams.Control(sweep, earlier)),
        Supervised(within, Props.Create(() => new MetricsActor(sweep, earlier, coordinator, clock)), Streams.Metrics(sweep, earlier)));

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
