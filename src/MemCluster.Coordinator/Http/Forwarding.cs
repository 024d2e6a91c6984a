using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Http;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// Any coordinator node answers: the one at work by itself, an idle one by passing the request on to it. What is asked while the coordinator
/// moves from one node to another is told to ask again.
/// </summary>
/// <param name="self">This node's address in the cluster.</param>
/// <param name="coordinator">The singleton's proxy.</param>
/// <param name="readable">Done when the rows here hold all that was written before this node took over.</param>
internal sealed class Forwarding(Standing standing, string self, IActorRef coordinator, Func<Task> readable, Relay relay)
{
    /// <summary>A request that was passed on once is not passed on again: two nodes that each think the other is at work would play ball with it.</summary>
    public const string Mark = "X-Memcluster-Forwarded";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadableWithin = TimeSpan.FromSeconds(5);

    public async Task Pass(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments(Question.Root, StringComparison.Ordinal) || http.Request.Path == Api.Home)
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        if (standing.IsActive)
        {
            await Here(http, next).ConfigureAwait(false);
            return;
        }

        switch (await Where(http.RequestAborted).ConfigureAwait(false))
        {
            case CoordinatorBusy:
                await next(http).ConfigureAwait(false); // It waits for its journal: nobody could answer more than these rows.
                break;
            case Whereabouts found when found.Node == self:
                await Here(http, next).ConfigureAwait(false);
                break;
            case Whereabouts when http.Request.Headers.ContainsKey(Mark):
                await AskAgain(http, "The coordinator has just moved to another node; ask again.").ConfigureAwait(false);
                break;
            case Whereabouts found when IsOutOfReach(found):
                await AskAgain(
                    http,
                    $"The coordinator is at work on {found.Node}, whose HTTP API answers on its own machine only. Ask there, or start every coordinator with "
                    + "--http HOST:PORT, certificates and a token.").ConfigureAwait(false);
                break;
            case Whereabouts found:
                await relay.Pass(http, new Uri(found.Api), found.Node).ConfigureAwait(false);
                break;
            default:
                await AskAgain(http, "No coordinator is at work for the moment; another takes over within half a minute. Ask again.").ConfigureAwait(false);
                break;
        }
    }

    /// <summary>A sentence for whoever can only wait.</summary>
    internal static async Task AskAgain(HttpContext http, string sentence)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.RetryAfter = "2";
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(sentence, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task Here(HttpContext http, RequestDelegate next)
    {
        try
        {
            await readable().WaitAsync(ReadableWithin, http.RequestAborted).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await AskAgain(http, "The coordinator has moved here, and this node is still catching up with the journal. Ask again in a moment.").ConfigureAwait(false);
            return;
        }

        await next(http).ConfigureAwait(false);
    }

    private async Task<object?> Where(CancellationToken cancel)
    {
        try
        {
            return await coordinator.Ask<object>(AskWhereabouts.Instance, AnswerWithin, cancel).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>A loopback address means another machine there than here.</summary>
    private bool IsOutOfReach(Whereabouts found) =>
        !Uri.TryCreate(found.Api, UriKind.Absolute, out var api) || (api.IsLoopback && Host(found.Node) != Host(self));

    private static string Host(string address) => address[..address.LastIndexOf(':')];
}
