using Akka.Actor;
using MemCluster.Hosting;
using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary>
/// How a coordinator node finds its cluster, or begins one. Two clusters on one journal would fight for it; so a node that could begin one looks
/// first whether a coordinator is at work there already, and then joins that one.
/// </summary>
internal static class Joining
{
    /// <summary>A node that may begin a cluster is in one sooner or later, however busy its machine is.</summary>
    private static readonly TimeSpan BeginWithin = Timeout.InfiniteTimeSpan;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <exception cref="UserError">Another cluster is at work on the journal, and nothing says how to join it.</exception>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    public static async Task Join(ActorSystem system, NodeOptions node, JournalPlace journal, TimeSpan patience, CancellationToken stop)
    {
        var self = Node.AddressOf(system);
        var seeds = SeedNodes.Of(node.Join, node.LastMembers, self);
        if (!seeds.MayBegin)
        {
            await Node.JoinAsync(system, node, patience, stop).ConfigureAwait(false);
            return;
        }

        for (var until = DateTime.UtcNow + patience; ;)
        {
            var holder = journal is PostgresJournal postgres ? await postgres.Holder(stop).ConfigureAwait(false) : null;
            if (holder is null || holder == self)
            {
                await Node.JoinAsync(system, node, BeginWithin, stop).ConfigureAwait(false);
                return;
            }

            if (node.Join.Count == 0 && node.LastMembers.Count == 0)
            {
                // A coordinator that was killed a moment ago holds the lease for some seconds more.
                await Task.Delay(JournalLease.Lasts, stop).ConfigureAwait(false);
                if (await ((PostgresJournal)journal).Holder(stop).ConfigureAwait(false) == holder)
                {
                    throw new UserError(
                        $"A coordinator at {holder} is at work on the journal already. To be its stand-in, join it: --join {holder}. A sweep of one's own needs a database of its own.");
                }

                continue;
            }

            try
            {
                await Node.JoinAsync(system, node with { MayBegin = false, LastMembers = [.. node.LastMembers, holder] }, LookEvery, stop).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (DateTime.UtcNow < until)
            {
                // It may be dead by now, and then this node may begin.
            }
        }
    }
}
