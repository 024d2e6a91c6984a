using System.Text.Json;
using System.Text.Json.Serialization;
using MemCluster.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MemCluster.Coordinator.Http;

/// <summary>Bodies of requests: JSON in UTF-8, and said to be so.</summary>
internal static class JsonBody
{
    /// <summary>What isn't known is refused, not passed over: a mistyped <c>onlyFailed</c> would otherwise retry everything.</summary>
    private static readonly JsonSerializerOptions Strict = new(MessageJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>
    /// A page in a browser can post a form to loopback, but no JSON without being asked whether it may: so a body, and its type, are compulsory.
    /// </summary>
    /// <exception cref="BadHttpRequestException">It is said to be something else, or is too large.</exception>
    /// <exception cref="JsonException">It is something else.</exception>
    public static async Task<T> Read<T>(HttpRequest request, Type type, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException("Send a body of application/json; {} where there is nothing to say.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var media) && media.Charset is { HasValue: true } charset
            && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException("Send JSON in UTF-8.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var body = await JsonSerializer.DeserializeAsync(request.Body, type, Strict, cancel).ConfigureAwait(false);
            WholeRequest.IsHere(request.HttpContext);
            return (T)(body ?? throw new JsonException("it is null"));
        }
        catch (IOException broken) when (broken is not BadHttpRequestException && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"The body can't be read: {broken.Message}", StatusCodes.Status400BadRequest);
        }
    }
}
