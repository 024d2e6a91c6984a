using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;

namespace MemCluster.Coordinator;

/// <summary>
/// Keeps the addresses of the cluster's other nodes in the home. A coordinator that is started again asks them first; alone on its old address
/// it would found a second cluster, and the nodes of the first would take themselves for lost.
/// </summary>
internal sealed class MemberBook : ReceiveActor
{
    private readonly Home _home;
    private readonly Cluster _cluster = Cluster.Get(Context.System);

    public MemberBook(Home home)
    {
        _home = home;
        Receive<ClusterEvent.IMemberEvent>(_ => Write());
    }

    /// <summary>As last written; none if nothing was, or it can't be read.</summary>
    public static IReadOnlyList<string> Read(Home home)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(File.ReadAllText(home.MembersFile)) ?? [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    protected override void PreStart() => _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Write()
    {
        var others = _cluster.State.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining && member.Address != _cluster.SelfAddress)
            .Select(member => $"{member.Address.Host}:{member.Address.Port}")
            .Order(StringComparer.Ordinal)
            .ToArray();
        var fresh = _home.MembersFile + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(others));
        File.Move(fresh, _home.MembersFile, overwrite: true);
    }
}
