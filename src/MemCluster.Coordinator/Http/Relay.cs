using MemCluster.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace MemCluster.Coordinator.Http;

/// <summary>Passes an HTTP request on to another node as it is, and its answer back as it comes.</summary>
internal sealed class Relay : IDisposable
{
    /// <summary>Headers that speak of one connection, and are no business of the next.</summary>
    private static readonly HashSet<string> OfOneConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Authorization", "Proxy-Authenticate", "Expect", "Content-Length",
    };

    private readonly HttpMessageInvoker _http;
    private readonly string _self;

    /// <param name="self">Named in the request, so that it is not passed on again.</param>
    /// <param name="handler">How to connect; knows what certificates to trust.</param>
    public Relay(string self, HttpMessageHandler handler) => (_self, _http) = (self, new(handler));

    /// <summary>Plain connections: no proxy of the environment's, no redirections, nothing unpacked.</summary>
    /// <param name="certificates">With HTTPS, servers of this authority are trusted and no others.</param>
    public static SocketsHttpHandler Handler(NodeCertificates? certificates) => new()
    {
        SslOptions = { CertificateChainPolicy = certificates?.Authority.ServerPolicy() },
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    };

    /// <param name="node">For people.</param>
    public async Task Pass(HttpContext http, Uri api, string node)
    {
        var gone = http.RequestAborted;
        HttpResponseMessage answer;
        try
        {
            using var request = await Copy(http.Request, api, gone).ConfigureAwait(false);
            answer = await _http.SendAsync(request, gone).ConfigureAwait(false);
        }
        catch (BadHttpRequestException problem)
        {
            http.Response.StatusCode = problem.StatusCode;
            await http.Response.WriteAsync(problem.Message, gone).ConfigureAwait(false);
            return;
        }
        catch (HttpRequestException problem)
        {
            await Forwarding.AskAgain(http, $"The coordinator at work on {node} does not answer at {api}: {problem.Message} Ask again in a moment.").ConfigureAwait(false);
            return;
        }

        using (answer)
        {
            await Back(http, answer, gone).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The body is small (the server's limit holds), so it is read first: what is too large is then refused here.</summary>
    private async Task<HttpRequestMessage> Copy(HttpRequest from, Uri api, CancellationToken gone)
    {
        using var body = new MemoryStream();
        await from.Body.CopyToAsync(body, gone).ConfigureAwait(false);
        WholeRequest.IsHere(from.HttpContext);
        var request = new HttpRequestMessage(new HttpMethod(from.Method), new Uri(api, $"{from.Path.ToUriComponent()}{from.QueryString.ToUriComponent()}"));
        if (body.Length > 0 || from.ContentType is not null)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, values) in from.Headers.Where(header => !OfOneConnection.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.TryAddWithoutValidation(Forwarding.Mark, _self);
        return request;
    }

    private static async Task Back(HttpContext http, HttpResponseMessage answer, CancellationToken gone)
    {
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfOneConnection.Contains(header.Key)))
        {
            http.Response.Headers[name] = new StringValues([.. values]);
        }

        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            var rows = await answer.Content.ReadAsStreamAsync(gone).ConfigureAwait(false);
            var some = new byte[16 * 1024];
            for (int count; (count = await rows.ReadAsync(some, gone).ConfigureAwait(false)) > 0;)
            {
                // Events are awaited one by one: each is passed on when it comes.
                await http.Response.Body.WriteAsync(some.AsMemory(0, count), gone).ConfigureAwait(false);
                await http.Response.Body.FlushAsync(gone).ConfigureAwait(false);
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            http.Abort(); // Half an answer must not pass for a whole one.
        }
    }
}
