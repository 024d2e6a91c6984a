using System.Net;
using MemCluster.Hosting;
using MemCluster.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Coordinator.Http;

/// <summary>The coordinator's HTTP door: all of <see cref="Questions"/>.</summary>
public sealed class Api : IAsyncDisposable
{
    /// <summary>Asked of a node itself, whoever is at work.</summary>
    public const string Home = Question.Root + "/home";

    private readonly WebApplication _app;
    private readonly ApiOptions _options;
    private readonly Crowd _crowd;

    private Api(WebApplication app, ApiOptions options, Crowd crowd) => (_app, _options, _crowd) = (app, options, crowd);

    /// <summary>Where this machine asks it: <c>127.0.0.1:PORT</c>, unless it listens on one other address only.</summary>
    public string Address => Everywhere ? $"127.0.0.1:{Bound.Port}" : Bound.Authority;

    /// <summary>The same for another process on this machine; with the scheme where that isn't plain HTTP.</summary>
    public string Announced => Bound.Scheme == "https" ? "https://" + Address : Address;

    /// <summary>Method and path of everything that it answers, but for the document that lists them.</summary>
    public IReadOnlyList<(string Method, string Path)> Routes =>
    [
        .. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(
                route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [],
                (route, method) => (method, route.RoutePattern.RawText!.Replace(":int", "", StringComparison.Ordinal)))
            .Where(route => !route.Item2.StartsWith("/openapi/", StringComparison.Ordinal)),
    ];

    private bool Everywhere => IPAddress.Any.Equals(_options.Address) || IPAddress.IPv6Any.Equals(_options.Address);

    private Uri Bound => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="pass">Sees each request that may come in: answers it, or calls what follows.</param>
    /// <exception cref="UserError">The port is taken.</exception>
    public static async Task<Api> Start(
        IOperator answers, string home, ApiOptions options, CancellationToken stop, Func<HttpContext, RequestDelegate, Task>? pass = null,
        ILoggerFactory? logs = null)
    {
        var log = (logs ?? NullLoggerFactory.Instance).CreateLogger<Api>();
        var book = new VisitorBook(options.MostConnections);
        var crowd = new Crowd(book.Most, log, TimeProvider.System);
        var door = new Door(book, crowd);
        var app = ApiServer.Build(options, door, logs);
        app.Use(new Guard(log).Pass);
        app.Use(new Gate(options, door).Pass);
        if (pass is not null)
        {
            app.Use(pass);
        }

        app.MapGet(Home, () => TypedResults.Text(home)).GivesText("The folder of the home");
        app.MapOpenApi("/openapi/{documentName}.json");
        QuestionRoutes.Map(app.MapGroup(Question.Root), answers);
        Health.Map(app, options.Ready);
        try
        {
            await app.StartAsync(stop).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            crowd.Dispose();
            throw problem is not IOException ? problem : new UserError($"The HTTP API can't listen on {options.Host}:{options.Port}: {problem.Message} Name another with --http {options.Host}:PORT.");
        }

        return new(app, options, crowd);
    }

    /// <summary>How people call it.</summary>
    /// <param name="host">This machine, as others know it.</param>
    /// <param name="advertised"><c>HOST:PORT</c> that others dial, where it differs.</param>
    public string UrlFor(string host, string? advertised = null) =>
        $"{Bound.Scheme}://{advertised ?? (Everywhere ? $"{host}:{Bound.Port}" : Bound.Authority)}";

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await _app.StopAsync(soon.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _crowd.Dispose();
    }
}
