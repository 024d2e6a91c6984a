using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// The verbs that change something: <c>POST sweeps/NAME/VERB</c> and <c>POST nodes/NAME/drain</c>, with a JSON body where a verb takes a value.
/// 404 where nothing has that name, 409 where it makes no sense as things are, each with a sentence.
/// </summary>
internal static class ControlApi
{
    public static void Map(RouteGroupBuilder group, IOperator answers)
    {
        foreach (var (verb, type) in SweepCommand.Control.Verbs)
        {
            group.MapPost($"/sweeps/{{name}}/{verb}", (string name, HttpRequest request, CancellationToken cancel) => Asked(async () =>
            {
                var command = (SweepCommand.Control)await Body(request, type, cancel).ConfigureAwait(false);
                return await answers.Control(new(name), command, cancel).ConfigureAwait(false) is not { } reply
                    ? Text($"There is no sweep '{name}' here.", StatusCodes.Status404NotFound)
                    : reply.Refused.Length > 0
                        ? Text(reply.Refused, StatusCodes.Status409Conflict)
                        : TypedResults.Json(reply, MessageJson.Options);
            }));
        }

        group.MapPost("/nodes/{name}/drain", (string name, HttpRequest request, CancellationToken cancel) => Asked(async () =>
        {
            var asked = (DrainRequest)await Body(request, typeof(DrainRequest), cancel).ConfigureAwait(false);
            return await answers.Drain(name, !asked.Undo, cancel).ConfigureAwait(false) is { } node
                ? TypedResults.Json(node, MessageJson.Options)
                : Text($"No trainer named '{name}' is connected.", StatusCodes.Status404NotFound);
        }));
    }

    private static async Task<IResult> Asked(Func<Task<IResult>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (JsonException problem)
        {
            return Text($"This is not the JSON of the verb: {problem.Message}", StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException problem)
        {
            return Text(problem.Message, problem.StatusCode);
        }
        catch (UserError problem)
        {
            return Text(problem.Message, StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>
    /// A page in a browser can post a form to loopback, but no JSON without being asked whether it may: so a body, and its type, are compulsory.
    /// </summary>
    private static async Task<object> Body(HttpRequest request, Type type, CancellationToken cancel) => request.HasJsonContentType()
        ? await request.ReadFromJsonAsync(type, MessageJson.Options, cancel).ConfigureAwait(false) ?? throw new JsonException("it is null")
        : throw new BadHttpRequestException("Send a body of application/json; {} where there is nothing to say.", StatusCodes.Status415UnsupportedMediaType);

    private static ContentHttpResult Text(string sentence, int status) => TypedResults.Text(sentence, statusCode: status);
}
