using System.Text.Json;
using MemCluster.Coordinator.Reading;
using MemCluster.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Http;

/// <summary>Whatever a request is or does, it is answered with a status and a sentence: never with a stack trace, never not at all.</summary>
internal sealed class Guard(ILogger log)
{
    public async Task Pass(HttpContext http, RequestDelegate next)
    {
        try
        {
            if (Unasked(http) is { } unknown)
            {
                await Say(http, StatusCodes.Status400BadRequest, unknown).ConfigureAwait(false);
                return;
            }

            await next(http).ConfigureAwait(false);
            if (!http.Response.HasStarted && Sentence(http.Response.StatusCode) is { } sentence)
            {
                await Say(http, http.Response.StatusCode, sentence).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (Exception problem) when (http.Response.HasStarted)
        {
            GuardLines.Broken(log, http.Request.Path, problem);
            http.Abort(); // Rows that end in the middle must not look complete.
        }
        catch (Exception problem)
        {
            var (status, sentence) = problem switch
            {
                BadHttpRequestException bad => (bad.StatusCode, bad.Message),
                JsonException bad => (StatusCodes.Status400BadRequest, $"This is not the JSON that is wanted here: {bad.Message}"),
                UnreadableSweep sweep => (StatusCodes.Status409Conflict, sweep.Message), // Asking again is of no use.
                UserError error => (StatusCodes.Status503ServiceUnavailable, error.Message),
                _ => (StatusCodes.Status500InternalServerError, "The coordinator itself went wrong; its log says how."),
            };
            if (status == StatusCodes.Status500InternalServerError)
            {
                GuardLines.Broken(log, http.Request.Path, problem);
            }

            await Say(http, status, sentence).ConfigureAwait(false);
        }
    }

    public static Task Say(HttpContext http, int status, string sentence)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(sentence);
    }

    /// <summary>A condition that is mistyped must not be passed over: it would be answered with more than was asked for.</summary>
    private static string? Unasked(HttpContext http)
    {
        if (http.GetEndpoint() is not { } route || http.Request.QueryString.Value is not { Length: > 1 })
        {
            return null;
        }

        var taken = route.Metadata.GetMetadata<TakenQuery>()?.Names ?? [];
        return taken.Count == 0
            ? "This address takes no query; leave out what follows the question mark."
            : http.Request.Query.Keys.FirstOrDefault(name => !taken.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
                ? $"There is no '{unknown}' in the query of this address; there is: {string.Join(", ", taken)}."
                : null;
    }

    /// <summary>For answers that the framework gives without a word.</summary>
    private static string? Sentence(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "This request can't be understood.",
        StatusCodes.Status404NotFound => "There is no such thing here; /openapi/v1.json lists what there is.",
        StatusCodes.Status405MethodNotAllowed => "This address takes another method; /openapi/v1.json lists them.",
        StatusCodes.Status415UnsupportedMediaType => "Send application/json.",
        _ => null,
    };
}

internal static partial class GuardLines
{
    [LoggerMessage(Level = LogLevel.Error, Message = "An answer to {Path} went wrong")]
    public static partial void Broken(ILogger log, PathString path, Exception problem);
}
