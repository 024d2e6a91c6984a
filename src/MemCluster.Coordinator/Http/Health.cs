using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// What probes ask: <c>/health/live</c>, whether the process answers at all, and <c>/health/ready</c>, whether this node can do its work. Anybody may
/// ask, so what it costs is shared: however many ask, the node is looked at once a second.
/// </summary>
internal sealed class Health(Func<CancellationToken, Task<string?>> ready, TimeProvider clock)
{
    private static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<string?>? _last;
    private long _lookedAt;

    public static void Map(WebApplication app, Func<CancellationToken, Task<string?>> ready)
    {
        var health = new Health(ready, TimeProvider.System);
        app.MapGet("/health/live", () => TypedResults.Text("live")).GivesText("Whether the process answers");
        app.MapGet("/health/ready", async (CancellationToken cancel) => await health.Look().WaitAsync(cancel).ConfigureAwait(false) is { } why
                ? TypedResults.Text($"not ready: {why}", statusCode: StatusCodes.Status503ServiceUnavailable)
                : TypedResults.Text("ready"))
            .GivesText("Whether this node can do its work; 503 and the reason if not");
    }

    /// <returns>Null, or why not.</returns>
    public Task<string?> Look()
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && clock.GetElapsedTime(_lookedAt) >= HoldsFor))
            {
                _lookedAt = clock.GetTimestamp();
                _last = Once();
            }

            return _last;
        }
    }

    private async Task<string?> Once()
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        try
        {
            return await ready(limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return $"it did not find out within {Patience.TotalSeconds:0} s";
        }
        catch (Exception problem)
        {
            return $"it could not find out: {problem.Message.Split('\n', 2)[0]}";
        }
    }
}
