using System.Net;
using System.Net.Sockets;
using System.Text;
using MemCluster.Coordinator.Http;
using MemCluster.Hosting;
using MemCluster.Tests;

namespace MemCluster.Coordinator.Tests;

/// <summary>What probes are told: by a coordinator's API, and by the small door of a node without one.</summary>
public sealed class HealthTests : IDisposable
{
    private static readonly Task<string?> Well = Task.FromResult<string?>(null);

    private readonly TemporaryHome _home = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task A_coordinator_is_ready_when_it_is_in_the_cluster_the_journal_answers_and_so_does_the_singleton()
    {
        await using var node = await CoordinatorNode.Start(new() { Home = _home.Home, Node = new NodeOptions { Profiles = ["coordinator"] } }, CancellationToken.None);
        await Until(async () => await Ask($"http://{node.ApiAddress()}/health/ready") == (HttpStatusCode.OK, "ready"));
        var system = node.System;
        Assert.Null(await Readiness.Of(system, node.Proxy, CancellationToken.None));
        Assert.Equal("no coordinator answers", await Readiness.Of(system, system.DeadLetters, CancellationToken.None));

        await system.Terminate();

        Assert.Equal("this node has left the cluster", await Readiness.Of(system, node.Proxy, CancellationToken.None));
        Assert.Equal((HttpStatusCode.OK, "live"), await Ask($"http://{node.ApiAddress()}/health/live"));
        await Until(async () => await Ask($"http://{node.ApiAddress()}/health/ready") == (HttpStatusCode.ServiceUnavailable, "not ready: this node has left the cluster"));
    }

    [Fact]
    public async Task However_many_ask_the_node_is_looked_at_once_a_second()
    {
        var clock = new HandClock();
        var looks = 0;
        var health = new Health(_ => Task.FromResult<string?>($"look {++looks}"), clock);

        Assert.Equal("look 1", await health.Look());
        Assert.Equal("look 1", await health.Look());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("look 2", await health.Look());
    }

    [Fact]
    public async Task What_goes_wrong_in_looking_is_a_reason_and_no_stack_trace()
    {
        var health = new Health(_ => throw new InvalidOperationException("The disk is gone.\n   at Somewhere"), TimeProvider.System);

        Assert.Equal("it could not find out: The disk is gone.", await health.Look());
    }

    [Fact]
    public async Task A_node_without_a_web_server_answers_probes_and_nothing_else()
    {
        var now = new NodeHealth(null, "no coordinator knows it yet");
        await using var door = HealthDoor.Open("127.0.0.1", 0, _ => Task.FromResult(now.NotLive), _ => Task.FromResult(now.NotReady));
        var root = $"http://127.0.0.1:{door.Port}";

        Assert.Equal((HttpStatusCode.OK, "live\n"), await Ask(root + "/health/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready: no coordinator knows it yet\n"), await Ask(root + "/health/ready"));
        now = new("its actor does not answer", null);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not live: its actor does not answer\n"), await Ask(root + "/health/live"));
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await Ask(root + "/health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, (await Ask(root + "/api/v1/sweeps")).Status);
    }

    [Fact]
    public async Task Whoever_asks_for_life_does_not_wait_for_what_readiness_waits_for()
    {
        var asked = new TaskCompletionSource();
        var answers = new TaskCompletionSource<string?>();
        await using var door = HealthDoor.Open("127.0.0.1", 0, _ => Well, async cancel =>
        {
            asked.TrySetResult();
            return await answers.Task.WaitAsync(cancel);
        });
        var root = $"http://127.0.0.1:{door.Port}";
        var ready = Ask(root + "/health/ready");
        await asked.Task;

        Assert.Equal((HttpStatusCode.OK, "live\n"), await Ask(root + "/health/live"));
        Assert.False(ready.IsCompletedSuccessfully);
        answers.SetResult(null);
        await Task.WhenAny(ready);
    }

    [Fact]
    public async Task Nonsense_does_not_close_the_door()
    {
        await using var door = HealthDoor.Open("127.0.0.1", 0, _ => Well, _ => Well);
        foreach (var nonsense in (string[])["", "\r\n\r\n", "what?\r\n\r\n", new string('x', 20_000), "GET / HTTP/9\r\n\r\n"])
        {
            using var client = new TcpClient("127.0.0.1", door.Port);
            var line = client.GetStream();
            try
            {
                await line.WriteAsync(Encoding.ASCII.GetBytes(nonsense));
                client.Client.Shutdown(SocketShutdown.Send);
                using var answer = new StreamReader(line);
                Assert.StartsWith("HTTP/1.1 400", await answer.ReadToEndAsync(), StringComparison.Ordinal);
            }
            catch (Exception problem) when (problem is IOException or SocketException)
            {
                // Closed before all of it was read.
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await Ask($"http://127.0.0.1:{door.Port}/health/live")).Status);
        Assert.Contains("--health", Assert.Throws<FormatException>(() => HealthDoor.Open("127.0.0.1", door.Port, _ => Well, _ => Well)).Message, StringComparison.Ordinal);
    }

    private static async Task Until(Func<Task<bool>> done)
    {
        for (var tries = 0; !await done(); tries++)
        {
            Assert.True(tries < 300);
            await Task.Delay(100);
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> Ask(string address)
    {
        using var answer = await _http.GetAsync(new Uri(address));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
