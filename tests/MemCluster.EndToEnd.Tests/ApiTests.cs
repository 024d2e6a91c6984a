using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace MemCluster.EndToEnd.Tests;

/// <summary>The coordinator's HTTP door, as a script uses it.</summary>
public sealed class ApiTests
{
    [Fact]
    public async Task A_sweep_handed_in_over_HTTP_runs_and_can_be_asked_about()
    {
        using var here = new Workplace();
        using var cluster = await Cluster.Start(here);
        here.Start("trainer", "--join", cluster.Address, "--slots", "2");

        var answer = await cluster.Http.PostAsJsonAsync(cluster.Url("/api/v1/sweeps"), new { spec = Naps.Of(6, seconds: 0), acceptVersion = false });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var reply = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(6, reply.RootElement.GetProperty("counts").GetProperty("trials").GetInt32());
        await cluster.Finishes("naps");
        Assert.Equal(6, (await Lines(cluster, "/api/v1/sweeps/naps/trials")).Count);
        Assert.NotEmpty(await Lines(cluster, "/api/v1/sweeps/naps/attempts"));
        Assert.Contains("network", await cluster.Http.GetStringAsync(cluster.Url("/api/v1/sweeps/naps/spec")), StringComparison.Ordinal);
        Assert.Contains("naps", await cluster.Http.GetStringAsync(cluster.Url("/api/v1/sweeps")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Http.GetAsync(cluster.Url("/api/v1/sweeps/other"))).StatusCode);
        Assert.Matches(@"(?m)^naps +finished +6/6", (await here.Fine("status", "--at", cluster.Api)).Output);
        Assert.Contains("finished", (await here.Fine("trials", "naps", "--at", cluster.Api)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nonsense_is_refused_and_the_coordinator_lives_on()
    {
        using var here = new Workplace();
        using var cluster = await Cluster.Start(here);

        Assert.Equal(HttpStatusCode.BadRequest, await Post(cluster, "{ this is no JSON"));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(cluster, "[1, 2"));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(cluster, "null"));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(cluster, "{}"));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(cluster, """{"spec": 7}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(cluster, new string('[', 10_000)));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await Post(cluster, "{}", "text/plain"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await Post(cluster, $$"""{"spec": "{{new string('a', 3 << 20)}}"}"""));
        Assert.InRange((int)(await cluster.Http.GetAsync(cluster.Url("/api/v1/sweeps/..%2f..%2fetc"))).StatusCode, 400, 499);
        Assert.Equal(HttpStatusCode.NotFound, (await cluster.Http.GetAsync(cluster.Url("/nothing"))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await cluster.Http.DeleteAsync(cluster.Url("/api/v1/sweeps"))).StatusCode);
        using (var stranger = new HttpRequestMessage(HttpMethod.Get, cluster.Url("/api/v1/sweeps")))
        {
            stranger.Headers.Host = "evil.example";
            Assert.Equal(HttpStatusCode.BadRequest, (await cluster.Http.SendAsync(stranger)).StatusCode);
        }

        Assert.False(cluster.Coordinator.HasEnded);
        Assert.Equal("live", await cluster.Http.GetStringAsync(cluster.Url("/health/live")));
        here.Write("naps.yaml", Naps.Of(4, seconds: 0));
        here.Start("trainer", "--join", cluster.Address, "--slots", "2");
        await here.Fine("submit", "naps.yaml", "--at", cluster.Api);
        await cluster.Finishes("naps");
    }

    [Fact]
    public async Task A_spec_with_mistakes_is_answered_with_all_of_them_and_leaves_nothing()
    {
        using var here = new Workplace();
        using var cluster = await Cluster.Start(here);

        var answer = await cluster.Http.PostAsJsonAsync(
            cluster.Url("/api/v1/sweeps"), new { spec = Naps.Of(6, seconds: 0).Replace("seeds", "sedes", StringComparison.Ordinal) + "\nmore: 1\n", acceptVersion = false });

        using var reply = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var problems = reply.RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).ToArray();
        Assert.Contains(problems, problem => problem.Contains("did you mean 'seeds'?", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("unknown key 'more'", StringComparison.Ordinal));
        Assert.Equal("[]", await cluster.Http.GetStringAsync(cluster.Url("/api/v1/sweeps")));
    }

    private static async Task<HttpStatusCode> Post(Cluster cluster, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        return (await cluster.Http.PostAsync(cluster.Url("/api/v1/sweeps"), content)).StatusCode;
    }

    private static async Task<IReadOnlyList<string>> Lines(Cluster cluster, string path) =>
        (await cluster.Http.GetStringAsync(cluster.Url(path))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
