using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using MemCluster.Hosting;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// Keeps the addresses of the other coordinator nodes in the home. A coordinator that is started again asks them first; alone on its old address
/// it would found a second cluster, and the nodes of the first would take themselves for lost.
/// </summary>
internal sealed class MemberBook : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Home _home;
    private readonly ILogger _log = Context.System.LogOf<MemberBook>();
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly SortedSet<string> _others = new(StringComparer.Ordinal);
    private bool _failed;

    public MemberBook(Home home)
    {
        _home = home;
        Receive<ClusterEvent.CurrentClusterState>(state =>
        {
            foreach (var member in state.Members)
            {
                Note(member);
            }

            Write();
        });
        Receive<ClusterEvent.IMemberEvent>(change =>
        {
            Note(change.Member);
            Write();
        });
        Receive<Again>(_ => Write());
    }

    public ITimerScheduler Timers { get; set; } = null!;

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

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <summary>From the event itself: the cluster's own view of its members may trail behind it.</summary>
    private void Note(Member member)
    {
        var address = $"{member.Address.Host}:{member.Address.Port}";
        if (member.Address != _cluster.SelfAddress && member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up)
        {
            _others.Add(address);
        }
        else
        {
            _others.Remove(address);
        }
    }

    /// <summary>A disk that is full, or a home that is gone, is tried again: were the actor to fall for it, it would do so again at once, and fill the log.</summary>
    private void Write()
    {
        var fresh = _home.MembersFile + ".new";
        try
        {
            File.WriteAllText(fresh, JsonSerializer.Serialize(_others));
            File.Move(fresh, _home.MembersFile, overwrite: true);
            _failed = false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            if (!_failed)
            {
                _log.MembersNotWritten(_home.MembersFile, problem.Message);
            }

            _failed = true;
            Timers.StartSingleTimer(nameof(Again), new Again(), TryAgainAfter);
        }
    }

    private sealed record Again;
}
