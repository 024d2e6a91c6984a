using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MemCluster.Coordinator.Http;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Tests;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Tests;

/// <summary>A real server, and many more connections than it holds that send nothing, or half of something.</summary>
public sealed class CrowdedDoorTests : IDisposable
{
    private const int Room = 64;
    private const int Crowd = 6 * Room;
    private const string Secret = "a-token-of-sixteen-characters-or-more";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Task<string?> Well = Task.FromResult<string?>(null);

    private readonly TemporaryHome _home = new();
    private readonly TestAuthority _authority = new();
    private readonly List<Socket> _crowd = [];
    private readonly CollectedLogs _logs = new();

    public void Dispose()
    {
        _crowd.ForEach(socket => socket.Dispose());
        _authority.Dispose();
        _home.Dispose();
        _logs.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /api/v1/swe")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: ")]
    [InlineData("POST /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"spec\":")]
    public async Task Connections_that_ask_for_nothing_whole_keep_out_neither_probes_nor_the_owner_nor_whoever_watches(string half)
    {
        await using (var node = await Start(new() { MostConnections = Room }))
        {
            using var owner = HttpOperator.At(node.ApiAddress());
            Assert.Empty((await owner.Submit(new("sweep: s\nnetwork: { kind: sleep, seconds: 0 }\nseeds: 2\n", false))).Problems);
            using var limit = new CancellationTokenSource(Patience);
            using var http = new HttpClient { Timeout = Patience };
            using var events = new StreamReader(await http.GetStreamAsync(new Uri($"http://{node.ApiAddress()}/api/v1/sweeps/s/events"), limit.Token));
            Assert.Equal(": listening", await events.ReadLineAsync(limit.Token));

            await Come(node.ApiAddress(), half);

            using var probe = new HttpClient { Timeout = Patience };
            Assert.Equal("live", await probe.GetStringAsync(new Uri($"http://{node.ApiAddress()}/health/live")));
            using var late = HttpOperator.At(node.ApiAddress());
            Assert.Equal("s", Assert.Single(await late.List()).Sweep.Name);
            await late.Control(new("s"), new SweepCommand.Control.SetPriority(3));
            while (await events.ReadLineAsync(limit.Token) is var line && line != "event: priority-set:1")
            {
                Assert.NotNull(line);
            }
        }

        var told = Assert.Single(_logs.Lines, line => line.Message.StartsWith("The HTTP API was full", StringComparison.Ordinal));
        Assert.Equal((Room, 0, "127.0.0.1"), ((int)told.Fields["most"]!, (int)told.Fields["turnedAway"]!, (string)told.Fields["from"]!));
        Assert.True((int)told.Fields["closed"]! > 0, told.Message);
        Assert.DoesNotContain(_logs.Lines, line => line.Level >= LogLevel.Warning && line.Category.StartsWith("Microsoft", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handshakes_that_are_never_ended_keep_out_nobody_either()
    {
        var token = ApiToken.Of(Secret, "test");
        var node1 = _authority.Load("node1", ["localhost", "127.0.0.1"]);
        await using var node = await Start(ApiOptions.For("127.0.0.1", 0, node1, token) with { MostConnections = Room });

        await Come(node.ApiAddress(), "\u0016");

        using var owner = HttpOperator.At($"https://{node.ApiAddress()}", ApiClientFactory.Handler(node1.Authority), Secret);
        Assert.Empty(await owner.List());
    }

    [Fact]
    public async Task The_small_door_of_health_lets_in_the_newest_too()
    {
        await using var door = HealthDoor.Open("127.0.0.1", 0, _ => Well, _ => Well);

        await Come($"127.0.0.1:{door.Port}", "GET /health/li");

        using var probe = new HttpClient { Timeout = Patience };
        Assert.Equal("live\n", await probe.GetStringAsync(new Uri($"http://127.0.0.1:{door.Port}/health/live")));
    }

    [Fact]
    public void The_log_is_told_once_a_minute_how_many_had_to_go_and_whose()
    {
        var clock = new TickingClock();
        using (var crowd = new Crowd(2, _logs.Factory.CreateLogger("door"), clock))
        {
            Assert.Equal([TimeSpan.FromMinutes(1)], clock.Periods);
            clock.Tick();
            Assert.Empty(_logs.Lines);
            foreach (var from in (string[])["10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.3", "10.0.0.3", "10.0.0.3"])
            {
                crowd.Add(from, wasIn: true);
            }

            crowd.Add("10.0.0.1", wasIn: false);
            clock.Tick();
            clock.Tick();
            crowd.Add("10.0.0.9", wasIn: true);
        }

        Assert.Equal(
            [(6, 1, "10.0.0.1"), (1, 0, "10.0.0.9")],
            _logs.Lines.Select(line => ((int)line.Fields["closed"]!, (int)line.Fields["turnedAway"]!, (string)line.Fields["from"]!)));
    }

    private async Task<CoordinatorNode> Start(ApiOptions api) => await CoordinatorNode.Start(
        new() { Home = _home.Home, Api = api, Node = new NodeOptions { Profiles = ["coordinator"], Logs = _logs.Factory } }, CancellationToken.None);

    private async Task Come(string address, string half)
    {
        var parts = address.Split(':');
        using var limit = new CancellationTokenSource(Patience);
        for (var count = 0; count < Crowd; count++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _crowd.Add(socket);
            try
            {
                await socket.ConnectAsync(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), limit.Token);
                await socket.SendAsync(Encoding.Latin1.GetBytes(half), limit.Token);
            }
            catch (SocketException)
            {
                // It had to go already.
            }
        }
    }
}
