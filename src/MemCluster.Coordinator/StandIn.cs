using Akka.Actor;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Hosting;
using Microsoft.AspNetCore.Http;

namespace MemCluster.Coordinator;

/// <summary>What a coordinator node does because it is one of several: follows the journal, passes requests on, and says when it is at work.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    /// <summary>How far the rows of an idle node may lie behind: a take-over then has little to read.</summary>
    public static readonly TimeSpan FollowEvery = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private readonly JournalLease _lease;
    private readonly Relay _relay;
    private readonly Forwarding _forwarding;
    private volatile Task _readable = Task.CompletedTask;

    /// <param name="self">This node's address in the cluster.</param>
    /// <param name="certificates">Whom to trust where the other nodes' APIs speak HTTPS.</param>
    public StandIn(Standing standing, PostgresJournal journal, string self, IActorRef coordinator, CoordinatorOperator answers, NodeCertificates? certificates)
    {
        _lease = new(journal, self, standing);
        _relay = new(self, Relay.Handler(certificates));
        _forwarding = new(standing, self, coordinator, () => _readable, _relay);
        standing.Begins += () => _readable = answers.CatchUp(_stop.Token);
    }

    public Task Pass(HttpContext http, RequestDelegate next) => _forwarding.Pass(http, next);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
        _relay.Dispose();
        _stop.Dispose();
    }
}
