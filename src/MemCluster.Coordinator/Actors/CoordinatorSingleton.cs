using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Pattern;
using MemCluster.Hosting;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>The coordinator as the cluster's singleton.</summary>
internal static class CoordinatorSingleton
{
    /// <summary>The cluster has another coordinator: this node leaves it at once, as one that was downed, and its process is to be started again.</summary>
    public static void GiveWay(ActorSystem system)
    {
        var cluster = Cluster.Get(system);
        cluster.Down(cluster.SelfAddress);
        _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    public static void Start(ActorSystem system, CoordinatorSettings settings)
    {
        // A singleton that stops itself never comes back; its supervisor does.
        var coordinator = BackoffSupervisor.Props(Backoff
            .OnStop(
                Props.Create(() => new CoordinatorActor(settings, settings.Clock)), "it",
                TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 0.2, -1)
            .WithFinalStopMessage(message => message is StopCoordinator)
            .WithReplyWhileStopped(CoordinatorBusy.Instance));
        system.ActorOf(
            ClusterSingletonManager.Props(
                coordinator, StopCoordinator.Instance, ClusterSingletonManagerSettings.Create(system).WithRole(Roles.Coordinator)),
            Roles.SingletonManager);
    }
}
