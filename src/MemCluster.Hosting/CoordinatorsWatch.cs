using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;

namespace MemCluster.Hosting;

/// <summary>Says in the log when the cluster's coordinator nodes come, go and can't be reached. Trainers are the coordinator's to speak of, by their names.</summary>
internal sealed partial class CoordinatorsWatch : ReceiveActor
{
    private readonly ILogger _log = Context.System.LogOf<CoordinatorsWatch>();
    private readonly Cluster _cluster = Cluster.Get(Context.System);

    public CoordinatorsWatch()
    {
        Receive<ClusterEvent.MemberUp>(change => Tell(change.Member, IsUp));
        Receive<ClusterEvent.UnreachableMember>(change => Tell(change.Member, IsUnreachable));
        Receive<ClusterEvent.ReachableMember>(change => Tell(change.Member, IsReachable));
        Receive<ClusterEvent.MemberRemoved>(change => Tell(change.Member, change.PreviousStatus == MemberStatus.Down ? WasTakenOut : HasLeft));
        ReceiveAny(_ => { });
    }

    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved), typeof(ClusterEvent.IReachabilityEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Tell(Member member, Action<string> say)
    {
        // To one who leaves, the others seem to.
        if (member.HasRole(Roles.Coordinator) && member.Address != _cluster.SelfAddress
            && _cluster.SelfMember.Status is not (MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down or MemberStatus.Removed))
        {
            say($"{member.Address.Host}:{member.Address.Port}");
        }
    }

    [LoggerMessage(LogLevel.Information, "Coordinator node {node} is in the cluster")]
    private partial void IsUp(string node);

    [LoggerMessage(LogLevel.Warning, "Coordinator node {node} can't be reached")]
    private partial void IsUnreachable(string node);

    [LoggerMessage(LogLevel.Information, "Coordinator node {node} is reachable again")]
    private partial void IsReachable(string node);

    [LoggerMessage(LogLevel.Information, "Coordinator node {node} has left the cluster")]
    private partial void HasLeft(string node);

    [LoggerMessage(LogLevel.Warning, "Coordinator node {node} was lost and is taken out of the cluster")]
    private partial void WasTakenOut(string node);
}
