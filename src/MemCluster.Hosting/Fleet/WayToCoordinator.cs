using Akka.Actor;

namespace MemCluster.Hosting;

/// <summary>How a node that is no member of the coordinators' cluster comes to speak with the one at work.</summary>
public static class WayToCoordinator
{
    /// <summary>Where the coordinator is reached from a node outside the cluster, wherever it lives just now.</summary>
    /// <param name="options">Whose <see cref="NodeOptions.Join"/> names the coordinator nodes.</param>
    public static IActorRef Line(ActorSystem system, NodeOptions options, LineState state) =>
        system.ActorOf(Props.Create(() => new CoordinatorLine(options.Join, state)), "coordinator-line");

    /// <summary>Why no coordinator node answers, as far as dialling them once by hand tells.</summary>
    public static async Task<(Way Way, string? Sentence)> Look(NodeOptions options, CancellationToken stop)
    {
        var found = await DialTest.OfAll(options.Join, options.Certificates, stop).ConfigureAwait(false);
        var lasting = found.OfType<DialTest.Finding>().FirstOrDefault(finding => finding.IsLasting);
        return lasting is not null ? (Way.Barred, lasting.Sentence)
            : found.Contains(null) ? (Way.Free, null)
            : (Way.Blocked, found[0]!.Sentence);
    }
}
