using MemCluster.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace MemCluster.Coordinator.Http;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, made from the routes themselves.</summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    private const string Bearer = "bearer";

    public static void AddTo(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "MemCluster",
                Version = "v1",
                Description = "Sweeps: hand in, look, control. Without a token on loopback; beyond it HTTPS and a token. Refusals are a status and a sentence as text/plain.",
            };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Bearer, Description = "MEMCLUSTER_TOKEN of the coordinator, if it has one." },
            };
            document.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(SweepId) || context.JsonTypeInfo.Type == typeof(CellId))
            {
                schema.Type = JsonSchemaType.String;
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>The JSON that a route wants; it reads it by itself.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, Type body) => route.Accepts(body, "application/json");

    /// <summary>What a route gives, and under which heading.</summary>
    /// <param name="type">Of the answer; rows stand one JSON object a line.</param>
    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder route, string summary, string type = "application/json") =>
        route.WithSummary(summary).Produces<T>(StatusCodes.Status200OK, type);

    public static RouteHandlerBuilder GivesRows<T>(this RouteHandlerBuilder route, string summary) =>
        route.Gives<T>(summary + ", one JSON object a line", "application/x-ndjson");

    public static RouteHandlerBuilder GivesText(this RouteHandlerBuilder route, string summary) => route.Gives<string>(summary, "text/plain");

    /// <summary>What may follow the question mark; anything else is refused.</summary>
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder route, params string[] names) => route.WithMetadata(new TakenQuery(names));

    /// <summary>Nothing has the name or the number.</summary>
    public static RouteHandlerBuilder OrNotFound(this RouteHandlerBuilder route) =>
        route.Produces<string>(StatusCodes.Status404NotFound, "text/plain");
}

/// <summary>Names that the query of a route may hold.</summary>
internal sealed record TakenQuery(IReadOnlyList<string> Names);
