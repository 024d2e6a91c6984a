using System.Net;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Http;

/// <summary>The coordinator's HTTP door: the same questions as <see cref="IOperator"/>, rows as one JSON object a line.</summary>
public sealed class Api : IAsyncDisposable
{
    private const int MostBytesInSpec = 2 * 1024 * 1024;
    private readonly WebApplication _app;
    private readonly ApiOptions _options;

    private Api(WebApplication app, ApiOptions options) => (_app, _options) = (app, options);

    /// <summary>Where this machine asks it: <c>127.0.0.1:PORT</c>, unless it listens on one other address only.</summary>
    public string Address => Everywhere ? $"127.0.0.1:{Bound.Port}" : Bound.Authority;

    /// <summary>The same for another process on this machine; with the scheme where that isn't plain HTTP.</summary>
    public string Announced => Bound.Scheme == "https" ? "https://" + Address : Address;

    private bool Everywhere => IPAddress.Any.Equals(_options.Address) || IPAddress.IPv6Any.Equals(_options.Address);

    private Uri Bound => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="pass">Sees each request that may come in: answers it, or calls what follows.</param>
    /// <exception cref="UserError">The port is taken.</exception>
    public static async Task<Api> Start(
        IOperator answers, string home, ApiOptions options, CancellationToken stop, Func<HttpContext, RequestDelegate, Task>? pass = null,
        ILoggerFactory? logs = null)
    {
        // The empty builder: no file in the working folder and no variable can change how this server listens, or make it show stack traces.
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Services.AddSingleton(logs); // It belongs to the node; the server only speaks into it.
        }

        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        // The process has one owner of Ctrl-C and SIGTERM, and it is not the web server.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.Use(new Gate(options).Pass);
        if (pass is not null)
        {
            app.Use(pass);
        }

        app.MapGet("/api/v1/home", () => TypedResults.Text(home));
        Map(app, answers);
        try
        {
            await app.StartAsync(stop).ConfigureAwait(false);
        }
        catch (IOException problem)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new UserError($"The HTTP API can't listen on {options.Host}:{options.Port}: {problem.Message} Name another with --http {options.Host}:PORT.");
        }

        return new(app, options);
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
    }

    private static void Map(WebApplication app, IOperator answers)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live"));

        var sweeps = app.MapGroup("/api/v1");
        sweeps.MapPost("/sweeps", (HttpRequest request, CancellationToken cancel) => Submit(request, answers, cancel));
        sweeps.MapGet("/sweeps", async (CancellationToken cancel) => Json(await answers.List(cancel).ConfigureAwait(false)));
        sweeps.MapGet("/sweeps/{name}", async (string name, CancellationToken cancel) => Found(await answers.Status(new(name), cancel).ConfigureAwait(false)));
        sweeps.MapGet("/sweeps/{name}/spec", async (string name, CancellationToken cancel) =>
            Words(await answers.Spec(new(name), cancel).ConfigureAwait(false)));
        sweeps.MapGet("/sweeps/{name}/numerics", async (string name, CancellationToken cancel) =>
            Words(await answers.NumericsVersion(new(name), cancel).ConfigureAwait(false)));
        sweeps.MapGet("/sweeps/{name}/trials", (string name, string[]? where, string? sort, int? limit, HttpContext http) =>
            TrialsApi.Tell(new(name), new TrialQuery(where ?? [], sort, limit), http, answers));
        sweeps.MapGet("/sweeps/{name}/measures", (string name, HttpContext http) => Lines(http, answers.Measures(new(name), http.RequestAborted)));
        sweeps.MapGet("/sweeps/{name}/attempts", (string name, HttpContext http) => Lines(http, answers.Attempts(new(name), http.RequestAborted)));
        sweeps.MapGet("/sweeps/{name}/trials/{trial:int}", async (string name, int trial, CancellationToken cancel) =>
            Found(await answers.Trial(new(name), trial, cancel).ConfigureAwait(false)));
        sweeps.MapGet("/sweeps/{name}/progress", async (string name, CancellationToken cancel) =>
            Found(await answers.Progress(new(name), cancel).ConfigureAwait(false)));
        ControlApi.Map(sweeps, answers);
        sweeps.MapGet("/sweeps/{name}/events", (string name, HttpContext http) => EventsApi.Tell(new(name), http, answers));
        sweeps.MapGet("/nodes", async (CancellationToken cancel) => Json(await answers.Nodes(cancel).ConfigureAwait(false)));
        sweeps.MapGet("/timings", async (CancellationToken cancel) => Json(await answers.Timings(cancel).ConfigureAwait(false)));
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBytesInSpec;
        kestrel.Listen(options.Address, options.Port, door =>
        {
            if (options.Certificates is { } certificates)
            {
                door.UseHttps(certificates.Certificate);
            }
        });
    }

    private static async Task<IResult> Submit(HttpRequest request, IOperator answers, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
        {
            return TypedResults.Text("Send the spec as application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var asked = await request.ReadFromJsonAsync<SubmitRequest>(MessageJson.Options, cancel).ConfigureAwait(false);
            return asked?.Spec is null
                ? TypedResults.Text("The field 'spec' is missing.", statusCode: StatusCodes.Status400BadRequest)
                : Json(await answers.Submit(asked, cancel).ConfigureAwait(false));
        }
        catch (JsonException)
        {
            return TypedResults.Text("This is not the JSON of a submission: {\"spec\": \"…\", \"acceptVersion\": false}", statusCode: StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException tooLarge)
        {
            return TypedResults.Text(tooLarge.Message, statusCode: tooLarge.StatusCode);
        }
        catch (UserError problem)
        {
            return TypedResults.Text(problem.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    internal static async Task Lines<T>(HttpContext http, IAsyncEnumerable<T> rows)
    {
        http.Response.ContentType = "application/x-ndjson";
        var newline = "\n"u8.ToArray();
        await foreach (var row in rows.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(http.Response.Body, row, MessageJson.Options, http.RequestAborted).ConfigureAwait(false);
            await http.Response.Body.WriteAsync(newline, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, MessageJson.Options);

    private static IResult Found<T>(T? value) where T : class => value is null ? TypedResults.NotFound() : Json(value);

    private static IResult Words(string? text) => text is null ? TypedResults.NotFound() : TypedResults.Text(text);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
