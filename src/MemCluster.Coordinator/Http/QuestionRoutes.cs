using System.Globalization;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// The rows of <see cref="Questions"/> as routes. 404 where nothing has that name, 409 where a deed makes no sense as things are, 400 for what
/// can't be read, each with a sentence.
/// </summary>
internal sealed class QuestionRoutes(RouteGroupBuilder group, IOperator answers) : IQuestionDoor<RouteHandlerBuilder>
{
    private delegate Task<IResult> Tell(Asked asked, HttpContext http, CancellationToken gone);

    public static void Map(RouteGroupBuilder group, IOperator answers)
    {
        var routes = new QuestionRoutes(group, answers);
        foreach (var question in Questions.All)
        {
            question.Through(routes);
        }
    }

    public RouteHandlerBuilder One<T>(Question.One<T> question) => OrNotFound(question, Route(question, async (asked, _, gone) =>
        await question.Answer(answers, asked, gone).ConfigureAwait(false) switch
        {
            null => TypedResults.NotFound(),
            string text => TypedResults.Text(text),
            var found => Json(found),
        }).Gives<T>(question.Summary, question.IsText ? "text/plain" : "application/json"));

    public RouteHandlerBuilder Rows<T>(Question.Rows<T> question) => Route(question, async (asked, http, gone) =>
    {
        IAsyncEnumerable<T> rows;
        try
        {
            rows = await question.Answer(answers, asked, gone).ConfigureAwait(false);
        }
        catch (UserError problem) when (asked.Query is not null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(problem.Message, gone).ConfigureAwait(false);
            return TypedResults.Empty;
        }

        await Lines(http, rows).ConfigureAwait(false);
        return TypedResults.Empty;
    }).GivesRows<T>(question.Summary);

    public RouteHandlerBuilder Happenings(Question.Happenings question) => OrNotFound(question, Route(question, async (asked, http, _) =>
    {
        await EventsApi.Tell(question, asked, http, answers).ConfigureAwait(false);
        return TypedResults.Empty;
    }).Gives<string>(question.Summary, "text/event-stream"));

    public RouteHandlerBuilder Deed<TBody, T>(Question.Deed<TBody, T> question)
    {
        var route = OrNotFound(question, Route(question, async (asked, http, gone) =>
        {
            var body = await JsonBody.Read<TBody>(http.Request, question.Body, gone).ConfigureAwait(false);
            return question.Lacks(body) is { } lack ? Text(lack, StatusCodes.Status400BadRequest)
                : await question.Answer(answers, asked, body, gone).ConfigureAwait(false) is not { } reply
                    ? Text(string.Format(CultureInfo.InvariantCulture, question.Missing, asked.Name), StatusCodes.Status404NotFound)
                : question.Refusal?.Of(reply) is { Length: > 0 } why ? Text(why, StatusCodes.Status409Conflict)
                : Json(reply);
        }).Takes(question.Body).Gives<T>(question.Summary));
        return question.Refusal is null ? route : route.Produces<string>(StatusCodes.Status409Conflict, "text/plain");
    }

    /// <summary>The document is made from the handlers' parameters, so each way to ask has its own.</summary>
    private RouteHandlerBuilder Route(Question question, Tell tell)
    {
        var (handler, query) = question.Takes switch
        {
            Takes.Nothing => (Of((HttpContext http) => tell(new(), http, http.RequestAborted)), (string[])[]),
            Takes.Name => (Of((string name, HttpContext http) => tell(new(name), http, http.RequestAborted)), []),
            Takes.NameAndTrial => (Of((string name, int trial, HttpContext http) => tell(new(name, trial), http, http.RequestAborted)), []),
            Takes.NameAndPerhapsTrial => (Of((string name, int? trial, HttpContext http) => tell(new(name, trial), http, http.RequestAborted)), ["trial"]),
            Takes.NameAndQuery => (
                Of((string name, string[]? where, string? sort, int? limit, HttpContext http) =>
                    tell(new(name, null, new(where ?? [], sort, limit)), http, http.RequestAborted)),
                ["where", "sort", "limit"]),
            _ => throw new InvalidOperationException($"{question.Path} takes {question.Takes}."),
        };
        var route = group.MapMethods(question.Path, [question.Method.Method], handler);
        return query.Length == 0 ? route : route.TakesQuery(query);

        static Delegate Of(Delegate handler) => handler;
    }

    private static RouteHandlerBuilder OrNotFound(Question question, RouteHandlerBuilder route) => question.Takes == Takes.Nothing ? route : route.OrNotFound();

    private static async Task Lines<T>(HttpContext http, IAsyncEnumerable<T> rows)
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

    private static ContentHttpResult Text(string sentence, int status) => TypedResults.Text(sentence, statusCode: status);
}
