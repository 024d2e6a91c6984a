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
            group.MapPost($"/sweeps/{{name}}/{verb}", async (string name, HttpRequest request, CancellationToken cancel) =>
            {
                var command = await JsonBody.Read<SweepCommand.Control>(request, type, cancel).ConfigureAwait(false);
                return await answers.Control(new(name), command, cancel).ConfigureAwait(false) is not { } reply
                    ? Text($"There is no sweep '{name}' here.", StatusCodes.Status404NotFound)
                    : reply.Refused.Length > 0
                        ? Text(reply.Refused, StatusCodes.Status409Conflict)
                        : (IResult)TypedResults.Json(reply, MessageJson.Options);
            }).Takes(type).Gives<ControlReply>($"{char.ToUpperInvariant(verb[0])}{verb[1..]} a sweep").OrNotFound().Produces<string>(StatusCodes.Status409Conflict, "text/plain");
        }

        group.MapPost("/nodes/{name}/drain", async (string name, HttpRequest request, CancellationToken cancel) =>
        {
            var asked = await JsonBody.Read<DrainRequest>(request, typeof(DrainRequest), cancel).ConfigureAwait(false);
            return await answers.Drain(name, !asked.Undo, cancel).ConfigureAwait(false) is { } node
                ? (IResult)TypedResults.Json(node, MessageJson.Options)
                : Text($"No trainer named '{name}' is connected.", StatusCodes.Status404NotFound);
        }).Takes(typeof(DrainRequest)).Gives<TrainerStatus>("No new trials for a trainer, or again").OrNotFound();
    }

    private static ContentHttpResult Text(string sentence, int status) => TypedResults.Text(sentence, statusCode: status);
}
