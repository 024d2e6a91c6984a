using System.Net;
using System.Text.Json;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Coordinator.Http;

/// <summary>The coordinator's HTTP door: the same questions as <see cref="IOperator"/>, rows as one JSON object a line.</summary>
public sealed class Api : IAsyncDisposable
{
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

        app.MapGet("/api/v1/home", () => TypedResults.Text(home)).GivesText("The folder of the home");
        app.MapOpenApi("/openapi/{documentName}.json");
        Map(app, answers);
        Health.Map(app, options.Ready);
        try
        {
            await app.StartAsync(stop).ConfigureAwait(false);
        }
        catch (IOException problem)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            crowd.Dispose();
            throw new UserError($"The HTTP API can't listen on {options.Host}:{options.Port}: {problem.Message} Name another with --http {options.Host}:PORT.");
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

    private static void Map(WebApplication app, IOperator answers)
    {
        var sweeps = app.MapGroup("/api/v1");
        sweeps.MapPost("/sweeps", (HttpRequest request, CancellationToken cancel) => Submit(request, answers, cancel))
            .Takes(typeof(SubmitRequest)).Gives<SubmitReply>("Hand in a sweep, or go on with it; refused ones have problems");
        sweeps.MapGet("/sweeps", async (CancellationToken cancel) => Json(await answers.List(cancel).ConfigureAwait(false)))
            .Gives<IReadOnlyList<SweepSummary>>("All sweeps");
        sweeps.MapGet("/sweeps/{name}", async (string name, CancellationToken cancel) => Found(await answers.Status(new(name), cancel).ConfigureAwait(false)))
            .Gives<SweepStatus>("How far a sweep is, and what runs").OrNotFound();
        sweeps.MapGet("/sweeps/{name}/spec", async (string name, CancellationToken cancel) => Words(await answers.Spec(new(name), cancel).ConfigureAwait(false)))
            .GivesText("Canonical YAML of a sweep").OrNotFound();
        sweeps.MapGet("/sweeps/{name}/numerics", async (string name, CancellationToken cancel) =>
                Words(await answers.NumericsVersion(new(name), cancel).ConfigureAwait(false)))
            .GivesText("Numerics version that a sweep is computed under").OrNotFound();
        sweeps.MapGet("/sweeps/{name}/trials", (string name, string[]? where, string? sort, int? limit, HttpContext http) =>
                TrialsApi.Tell(new(name), new TrialQuery(where ?? [], sort, limit), http, answers))
            .GivesRows<TrialRow>("Trials in grid order, or those that fulfil all conditions, sorted, at most so many").TakesQuery("where", "sort", "limit");
        sweeps.MapGet("/sweeps/{name}/scores", (string name, HttpContext http) => Lines(http, answers.Scores(new(name), http.RequestAborted)))
            .GivesRows<TrialRow>("Trials that compute scores for others");
        sweeps.MapGet("/sweeps/{name}/measures", (string name, HttpContext http) => Lines(http, answers.Measures(new(name), http.RequestAborted)))
            .GivesRows<MeasureRow>("Measures by trial and epoch");
        sweeps.MapGet("/sweeps/{name}/arrays", (string name, int? trial, HttpContext http) => Lines(http, answers.Arrays(new(name), trial, http.RequestAborted)))
            .GivesRows<TrialArray>("Per-example arrays of all trials, or of one, numbered from 1").TakesQuery("trial");
        sweeps.MapGet("/sweeps/{name}/absent", (string name, HttpContext http) => Lines(http, answers.Absent(new(name), http.RequestAborted)))
            .GivesRows<AbsenceRow>("Numbers that are not finite, by trial, epoch and measure");
        sweeps.MapGet("/sweeps/{name}/attempts", (string name, HttpContext http) => Lines(http, answers.Attempts(new(name), http.RequestAborted)))
            .GivesRows<AttemptRow>("Attempts by trial");
        sweeps.MapGet("/sweeps/{name}/trials/{trial:int}", async (string name, int trial, CancellationToken cancel) =>
                Found(await answers.Trial(new(name), trial, cancel).ConfigureAwait(false)))
            .Gives<TrialStory>("The story of one trial, from 1").OrNotFound();
        sweeps.MapGet("/sweeps/{name}/progress", async (string name, CancellationToken cancel) =>
                Found(await answers.Progress(new(name), cancel).ConfigureAwait(false)))
            .Gives<IReadOnlyList<AxisProgress>>("How far each value of each axis is").OrNotFound();
        ControlApi.Map(sweeps, answers);
        sweeps.MapGet("/sweeps/{name}/events", (string name, HttpContext http) => EventsApi.Tell(new(name), http, answers))
            .Gives<string>("What happens from now on, as server-sent events", "text/event-stream").OrNotFound();
        sweeps.MapGet("/nodes", async (CancellationToken cancel) => Json(await answers.Nodes(cancel).ConfigureAwait(false)))
            .Gives<IReadOnlyList<TrainerStatus>>("Connected trainers");
        sweeps.MapGet("/timings", async (CancellationToken cancel) => Json(await answers.Timings(cancel).ConfigureAwait(false)))
            .Gives<IReadOnlyList<WorkTiming>>("What epochs cost here, by shape of work");
    }

    private static async Task<IResult> Submit(HttpRequest request, IOperator answers, CancellationToken cancel)
    {
        var asked = await JsonBody.Read<SubmitRequest>(request, typeof(SubmitRequest), cancel).ConfigureAwait(false);
        return asked.Spec is null
            ? TypedResults.Text("The field 'spec' is missing: {\"spec\": \"…\", \"acceptVersion\": false}", statusCode: StatusCodes.Status400BadRequest)
            : Json(await answers.Submit(asked, cancel).ConfigureAwait(false));
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
}
