using Akka.Actor;
using Akka.Cluster;
using Akka.Persistence;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

/// <summary>Whether a coordinator's node can do its work: it is in the cluster, the journal answers, and so does the coordinator, wherever it lives.</summary>
internal static class Readiness
{
    private static readonly TimeSpan JournalWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CoordinatorWithin = TimeSpan.FromSeconds(2);

    /// <param name="coordinator">The singleton's proxy.</param>
    /// <returns>Null, or the reason why not, as half a sentence.</returns>
    public static async Task<string?> Of(ActorSystem system, IActorRef coordinator, CancellationToken cancel)
    {
        if (system.WhenTerminated.IsCompleted)
        {
            return "this node has left the cluster";
        }

        var status = Cluster.Get(system).SelfMember.Status;
        if (status != MemberStatus.Up)
        {
            return $"this node is {status.ToString().ToLowerInvariant()} in the cluster";
        }

        if (!await JournalAnswers(system, cancel).ConfigureAwait(false))
        {
            return "the journal does not answer";
        }

        if (JournalTrouble.Of(system).Sentence is { } trouble)
        {
            return trouble;
        }

        return await Answer(coordinator, AskWhereabouts.Instance, CoordinatorWithin, cancel).ConfigureAwait(false) switch
        {
            Whereabouts => null,
            CoordinatorBusy => "the coordinator is being started",
            _ => "no coordinator answers",
        };
    }

    /// <summary>Reads as a recovery does, of a stream that has no events: one small query through the plug-in, pool and all.</summary>
    private static async Task<bool> JournalAnswers(ActorSystem system, CancellationToken cancel) => await Answer(
        Persistence.Instance.Apply(system).JournalFor(null), asker => new ReplayMessages(1, 1, 1, "health", asker), JournalWithin, cancel)
        .ConfigureAwait(false) is RecoverySuccess;

    private static Task<object?> Answer(IActorRef whom, object what, TimeSpan within, CancellationToken cancel) => Answer(whom, _ => what, within, cancel);

    private static async Task<object?> Answer(IActorRef whom, Func<IActorRef, object> what, TimeSpan within, CancellationToken cancel)
    {
        try
        {
            return await whom.Ask<object>(what, within, cancel).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
