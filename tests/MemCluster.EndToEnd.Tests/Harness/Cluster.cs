using System.Text.Json;
using System.Text.RegularExpressions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A coordinator as a process of its own, and what trainers and scripts need to reach it.</summary>
internal sealed partial class Cluster : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private Cluster(RunningProgram coordinator, string address, string api) => (Coordinator, Address, Api) = (coordinator, address, api);

    public RunningProgram Coordinator { get; }

    /// <summary><c>HOST:PORT</c> that trainers join.</summary>
    public string Address { get; }

    /// <summary><c>127.0.0.1:PORT</c> of the HTTP API.</summary>
    public string Api { get; }

    public HttpClient Http => _http;

    /// <summary>On free ports, or on those of an earlier one.</summary>
    public static Task<Cluster> Start(Workplace here, Cluster? earlier = null) => Of(here.Start(
        "coordinator", "--listen", earlier?.Address ?? "127.0.0.1:0", "--http", earlier?.Api ?? "127.0.0.1:0"));

    /// <param name="coordinator">Just started, by whichever executable.</param>
    public static async Task<Cluster> Of(RunningProgram coordinator)
    {
        var match = Announcement().Match(await coordinator.Says("Coordinator at "));
        Assert.True(match.Success, "The coordinator's first line names its addresses.");
        return new(coordinator, match.Groups["cluster"].Value, match.Groups["api"].Value);
    }

    public Uri Url(string path) => new($"http://{Api}{path}");

    /// <summary>The sweep's counts by state, as the API gives them.</summary>
    public async Task<Counts> Counts(string sweep)
    {
        using var status = JsonDocument.Parse(await _http.GetStringAsync(Url($"/api/v1/sweeps/{sweep}")));
        var counts = status.RootElement.GetProperty("summary").GetProperty("counts");
        int Of(string state) => counts.GetProperty(state).GetInt32();
        return new(Of("trials"), Of("running"), Of("finished"));
    }

    public async Task<IReadOnlyList<Attempt>> Attempts(string sweep)
    {
        var text = await _http.GetStringAsync(Url($"/api/v1/sweeps/{sweep}/attempts"));
        return
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            {
                using var row = JsonDocument.Parse(line);
                var root = row.RootElement;
                return new Attempt(
                    root.GetProperty("trial").GetInt32(), root.GetProperty("attempt").GetInt32(), root.GetProperty("trainer").GetString()!,
                    root.GetProperty("assignedAt").GetDateTimeOffset(), root.TryGetProperty("ended", out var ended) ? ended.GetString() ?? "" : "");
            }),
        ];
    }

    /// <summary>Asks again and again until the sweep is as wanted; a coordinator that doesn't answer for a moment is asked again too.</summary>
    public async Task<Counts> Reaches(string sweep, Func<Counts, bool> wanted, TimeSpan? within = null)
    {
        var limit = within ?? Workplace.Patience;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Counts? last = null;
        while (clock.Elapsed < limit)
        {
            try
            {
                last = await Counts(sweep);
                if (wanted(last))
                {
                    return last;
                }
            }
            catch (HttpRequestException) when (!Coordinator.HasEnded)
            {
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{sweep} was not as wanted within {limit.TotalSeconds:0} s; last seen: {last}.");
    }

    public Task<Counts> Finishes(string sweep, TimeSpan? within = null) => Reaches(sweep, counts => counts.Finished == counts.Trials, within);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex(@"^Coordinator at (?<cluster>\S+), API at http://(?<api>\S+), home ")]
    private static partial Regex Announcement();
}

internal sealed record Counts(int Trials, int Running, int Finished);

internal sealed record Attempt(int Trial, int Number, string Trainer, DateTimeOffset AssignedAt, string Ended);
