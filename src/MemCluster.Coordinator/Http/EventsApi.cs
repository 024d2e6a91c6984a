using System.Text;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Http;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// What happens in a sweep, as server-sent events until the listener goes: <c>event:</c> is the word's kind, <c>data:</c> its JSON, as in the
/// journal. A comment every so often keeps the line open and notices that nobody listens any more.
/// </summary>
internal static class EventsApi
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    public static async Task Tell(Question.Happenings question, Asked asked, HttpContext http, IOperator answers)
    {
        var gone = http.RequestAborted;
        IAsyncEnumerator<IMessage> events;
        try
        {
            if (await answers.Spec(asked.Sweep, gone).ConfigureAwait(false) is null)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            events = question.Answer(answers, asked, gone).GetAsyncEnumerator(gone);
        }
        catch (UserError problem)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await http.Response.WriteAsync(problem.Message, gone).ConfigureAwait(false);
            return;
        }

        await using (events.ConfigureAwait(false))
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-cache";
            try
            {
                await Tell(events, http.Response, gone).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (gone.IsCancellationRequested)
            {
                // The listener went.
            }
        }
    }

    private static async Task Tell(IAsyncEnumerator<IMessage> events, HttpResponse response, CancellationToken gone)
    {
        // The first step subscribes; only then is the listener told that it listens.
        var next = events.MoveNextAsync().AsTask();
        await response.WriteAsync(": listening\n\n", gone).ConfigureAwait(false);
        await response.Body.FlushAsync(gone).ConfigureAwait(false);
        while (true)
        {
            if (await Task.WhenAny(next, Task.Delay(KeepAlive, gone)).ConfigureAwait(false) != next)
            {
                await response.WriteAsync(": here\n\n", gone).ConfigureAwait(false);
            }
            else if (await next.ConfigureAwait(false))
            {
                var word = events.Current;
                await response.WriteAsync(
                    $"event: {MessageJson.KindOf(word)}\ndata: {Encoding.UTF8.GetString(MessageJson.Write(word))}\n\n", gone).ConfigureAwait(false);
                next = events.MoveNextAsync().AsTask();
            }
            else
            {
                return;
            }

            await response.Body.FlushAsync(gone).ConfigureAwait(false);
        }
    }
}
