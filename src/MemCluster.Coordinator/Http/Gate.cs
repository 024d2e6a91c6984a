using MemCluster.Hosting;
using Microsoft.AspNetCore.Http;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// What every request passes before anything of it is looked at: the name it calls this server by, and the token. Health is for probes, which
/// call by address and have no token; it says nothing of sweeps.
/// </summary>
internal sealed class Gate(ApiOptions options, Door door)
{
    private const string Scheme = "Bearer ";

    public Task Pass(HttpContext http, RequestDelegate next)
    {
        var health = http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
        var called = http.Request.Host;
        if (called.Port > ushort.MaxValue || (!options.Answers(called.Host) && (options.IsLoopback || !health)))
        {
            return Guard.Say(http, StatusCodes.Status400BadRequest, options.IsLoopback
                ? "This API answers on 127.0.0.1 and localhost only."
                : "This API answers only under the names that stand in its certificate.");
        }

        if (health || options.Token is not { } token)
        {
            return door.Serve(http, next, health ? Trust.Unknown : Trust.Known);
        }

        var offered = Offered(http.Request);
        if (offered is not null && token.Is(offered))
        {
            return door.Serve(http, next, Trust.Known);
        }

        http.Response.Headers.WWWAuthenticate = offered is null ? "Bearer realm=\"memcluster\"" : "Bearer realm=\"memcluster\", error=\"invalid_token\"";
        return Guard.Say(http, StatusCodes.Status401Unauthorized, offered is null
            ? "This API wants a token: send the header 'Authorization: Bearer TOKEN'."
            : "This is not the token of this API.");
    }

    /// <returns>Null without an Authorization of the scheme Bearer, and with more than one.</returns>
    private static string? Offered(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
}
