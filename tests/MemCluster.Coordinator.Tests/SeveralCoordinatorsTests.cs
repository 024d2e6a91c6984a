using System.Net;
using System.Net.Http.Json;
using MemCluster.Coordinator.Http;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Tests;
using MemCluster.Tests.Postgres;

namespace MemCluster.Coordinator.Tests;

/// <summary>Coordinator nodes of one cluster on one PostgreSQL journal, each with a home of its own, as whole nodes with network and API.</summary>
public sealed class SeveralCoordinatorsTests : IAsyncLifetime, IDisposable
{
    private const string Sleep = "sweep: s\nnetwork: { kind: sleep, seconds: 0 }\ntraining: { epochs: 3 }\nseeds: 4\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<TemporaryHome> _homes = [];
    private readonly List<CoordinatorNode> _nodes = [];
    private readonly HttpClient _http = new();
    private string _database = "";

    public Task InitializeAsync()
    {
        _database = PostgresServer.Missing is null ? PostgresServer.Shared.NewDatabase() : "";
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.DisposeAsync();
        }

        _homes.ForEach(home => home.Dispose());
    }

    public void Dispose() => _http.Dispose();

    [PostgresFact]
    public async Task Any_node_answers_and_takes_what_is_asked_wherever_the_coordinator_is()
    {
        var (active, idle) = await Two();
        using var through = HttpOperator.At(idle.ApiAddress());
        using var direct = HttpOperator.At(active.ApiAddress());

        Assert.Empty((await through.Submit(new(Sleep, false))).Problems);

        Assert.Equal("s", Assert.Single(await direct.List()).Sweep.Name);
        Assert.Equal("s", Assert.Single(await through.List()).Sweep.Name);
        Assert.Equal(4, await Count(through.Trials(new("s"))));
        Assert.Equal("paused", (await through.Control(new("s"), new SweepCommand.Control.PauseSweep()))!.Summary!.State);
        Assert.NotEqual("", (await through.Control(new("s"), new SweepCommand.Control.RetryTrials()))!.Refused);
        Assert.Null(await through.Status(new("none")));
        Assert.Null(await through.Drain("nobody", true));
        Assert.Equal(idle.Home.Folder, await _http.GetStringAsync(new Uri($"http://{idle.ApiAddress()}/api/v1/home")));
    }

    [PostgresFact]
    public async Task Events_pass_through_another_node_as_they_come()
    {
        var (_, idle) = await Two();
        using var through = HttpOperator.At(idle.ApiAddress());
        await through.Submit(new(Sleep, false));
        using var limit = new CancellationTokenSource(Patience);
        await using var events = through.Events(new("s"), limit.Token).GetAsyncEnumerator(limit.Token);
        var next = events.MoveNextAsync().AsTask();

        for (var priority = 1; !next.IsCompleted; priority++)
        {
            // Listening begins a moment after it is asked for, and what is so already is no event.
            await through.Control(new("s"), new SweepCommand.Control.SetPriority(priority % 100), limit.Token);
            await Task.WhenAny(next, Task.Delay(200, limit.Token));
        }

        Assert.True(await next);
        Assert.IsType<SweepEvent.PrioritySet>(events.Current);
    }

    [PostgresFact]
    public async Task What_is_refused_is_refused_through_another_node_too()
    {
        var (_, idle) = await Two();
        var sweeps = new Uri($"http://{idle.ApiAddress()}/api/v1/sweeps");
        using var large = JsonContent.Create(new SubmitRequest(new string('x', 3_000_000), false), options: MessageJson.Options);
        using var words = new StringContent("sweep: s");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _http.PostAsync(sweeps, large)).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await _http.PostAsync(sweeps, words)).StatusCode);
    }

    [PostgresFact]
    public async Task A_request_is_passed_on_once()
    {
        var (_, idle) = await Two();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{idle.ApiAddress()}/api/v1/sweeps");
        request.Headers.Add(Forwarding.Mark, "node9:4053");

        var answer = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("ask again", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task When_the_one_at_work_leaves_another_answers_for_it_with_all_that_was_written()
    {
        var (active, idle) = await Two();
        using var direct = HttpOperator.At(active.ApiAddress());
        await direct.Submit(new(Sleep, false));
        await direct.Control(new("s"), new SweepCommand.Control.CancelSweep());

        _nodes.Remove(active);
        await active.DisposeAsync();

        using var other = HttpOperator.At(idle.ApiAddress());
        Assert.Equal(4, (await Asked(() => other.Status(new("s"))))!.Summary.Counts.Cancelled);
        Assert.NotNull(await other.Control(new("s"), new SweepCommand.Control.SetPriority(1)));
    }

    [PostgresFact]
    public async Task Whoever_would_begin_a_second_cluster_on_the_journal_is_told_where_the_first_one_is()
    {
        var (active, _) = await Two();

        var problem = await Assert.ThrowsAsync<UserError>(() => Start(0));

        Assert.Contains($"--join {active.Address}", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Started together, with the same list; the first begins the cluster, so the coordinator is there.</summary>
    private async Task<(CoordinatorNode Active, CoordinatorNode Idle)> Two()
    {
        int[] ports = [Ports.Free(), Ports.Free()];
        string[] list = [.. ports.Select(port => $"127.0.0.1:{port}")];
        var nodes = await Task.WhenAll(ports.Reverse().Select(port => Start(port, list)));
        using var first = HttpOperator.At(nodes[1].ApiAddress());
        await Asked(() => first.List());
        return (nodes[1], nodes[0]);
    }

    private async Task<CoordinatorNode> Start(int port, params string[] join)
    {
        TemporaryHome home = new();
        lock (_homes)
        {
            _homes.Add(home);
        }

        var node = await CoordinatorNode.Start(
            new CoordinatorOptions
            {
                Home = home.Home,
                Node = new NodeOptions { Profiles = ["coordinator"], Port = port, Join = join },
                Journal = JournalArgument.Parse(_database, null),
            },
            CancellationToken.None);
        lock (_nodes)
        {
            _nodes.Add(node);
        }

        return node;
    }

    /// <summary>Asks again while nobody is at work.</summary>
    private static async Task<T> Asked<T>(Func<Task<T>> ask)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (UserError) when (clock.Elapsed < Patience)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<int> Count<T>(IAsyncEnumerable<T> rows)
    {
        var count = 0;
        await foreach (var _ in rows)
        {
            count++;
        }

        return count;
    }
}
