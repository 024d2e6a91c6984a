using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Http;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// <c>GET sweeps/NAME/trials?where=noise%3Dlabel%200.4&amp;where=state%3Dfailed&amp;sort=seed&amp;limit=10</c>: only the rows that are asked for
/// cross the wire. 400 with a sentence for what can't be read.
/// </summary>
internal static class TrialsApi
{
    public static async Task Tell(SweepId sweep, TrialQuery query, HttpContext http, IOperator answers)
    {
        var gone = http.RequestAborted;
        IAsyncEnumerable<TrialRow> rows;
        try
        {
            // All rows, also of a sweep that isn't there: it has none, and no columns to ask for.
            rows = query is { Where: [], Sort: null, Limit: null } || await answers.Spec(sweep, gone).ConfigureAwait(false) is null
                ? answers.Trials(sweep, gone)
                : answers.Trials(await SweepChoice.SpecOf(answers, sweep, gone).ConfigureAwait(false), Affordable(query), gone);
        }
        catch (UserError problem)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(problem.Message, gone).ConfigureAwait(false);
            return;
        }

        await Api.Lines(http, rows).ConfigureAwait(false);
    }

    private static TrialQuery Affordable(TrialQuery query) => query.Sort is null || query.SortsFar
        ? query
        : throw new UserError($"Say with sort how many rows you want, for example limit=100; at most {TrialQuery.MostSorted:#,0}.");
}
