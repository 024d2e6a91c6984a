using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;

namespace MemCluster.Coordinator.Tests;

/// <summary>Every verb from the catalogue through the real HTTP door to a real coordinator node: journal, singleton, read model and all.</summary>
public sealed class ControlDoorTests : IAsyncLifetime, IDisposable
{
    private const string Yaml = "sweep: s\nnetwork: { kind: sleep, seconds: 0 }\naxes: { depth: [1, 2] }\nseeds: 2\n";

    private readonly TemporaryHome _home = new();
    private CoordinatorNode _node = null!;
    private IFarOperator _far = null!;

    public async Task InitializeAsync()
    {
        _node = await CoordinatorNode.Start(
            new() { Home = _home.Home, Node = new NodeOptions { Profiles = ["coordinator"] } }, CancellationToken.None);
        _far = HttpOperator.At(_node.ApiAddress());
        Assert.Empty((await _far.Submit(new(Yaml, false))).Problems);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
    }

    public void Dispose()
    {
        _far.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Verbs_change_a_sweep_and_each_is_seen_in_the_next_answer()
    {
        Assert.Equal("s is paused: 4 trials: 4 pending.", await Do("pause"));
        Assert.Matches("^s +paused +0/4", (await Lines("list"))[1]);
        Assert.Contains("s waits: it is paused; go on with: memcluster resume s", await Lines("status"));
        Assert.Equal("s is stopped: 4 trials: 4 pending.", await Do("stop"));
        Assert.Equal("s is running: 4 trials: 4 pending.", await Do("resume"));
        Assert.Equal("s is running, priority 7: 4 trials: 4 pending.", await Do("priority", (VerbArguments.Priority, "7")));
        Assert.Equal("s is cancelled, priority 7: 4 trials: 4 cancelled. 4 trials changed.", await Do("cancel"));
        Assert.Equal(4, (await Lines("trials", (VerbArguments.Where, "state=cancelled"))).Count - 1);
        Assert.Equal("Every trial of s has ended; there is nothing to cancel.", (await Assert.ThrowsAsync<UserError>(() => Do("cancel"))).Message);
        Assert.Contains("no failed trial", (await Assert.ThrowsAsync<UserError>(() => Do("retry", (VerbArguments.Failed, "true")))).Message, StringComparison.Ordinal);
        Assert.Equal("s is running, priority 7: 4 trials: 4 pending. 4 trials changed.", await Do("retry"));
        Assert.Contains("s  trial 3  depth 2 · seed 0", await Lines("trial", (VerbArguments.Trial, "3")));
        Assert.Contains(await Lines("heat", (VerbArguments.Measure, "epochs")), line => line.Contains('·', StringComparison.Ordinal));
        Assert.StartsWith("No trainer is connected.", Assert.Single(await Lines("nodes")), StringComparison.Ordinal);
        Assert.Contains("No trainer named 'lab'", (await Assert.ThrowsAsync<UserError>(() => Do("drain", (VerbArguments.Node, "lab")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_sweep_takes_rows_and_results_with_it_and_its_name_is_free()
    {
        var folder = _home.Home.ResultsOf(new("s"));
        await _node.WriteResults(new("s"), atOnce: false, CancellationToken.None);
        Assert.True(Directory.Exists(folder));

        Assert.Equal("s is deleted.", await Do("delete"));

        Assert.False(Directory.Exists(folder));
        Assert.Empty(await _far.List());
        Assert.False((await _far.Submit(new(Yaml.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal), false))).Continued);
        Assert.Equal(6, Assert.Single(await _far.List()).Counts.Pending);
        Assert.Equal("s is cancelled: 6 trials: 6 cancelled. 6 trials changed.", await Do("cancel"));
    }

    [Fact]
    public async Task What_happens_comes_through_the_door_as_it_happens_until_the_sweep_is_deleted()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var first = new TaskCompletionSource();
        var told = Task.Run(async () =>
        {
            var kinds = new List<string>();
            await foreach (var happened in _far.Events(new("s"), patience.Token))
            {
                kinds.Add(MessageJson.KindOf(happened));
                first.TrySetResult();
            }

            return kinds;
        });
        // Done again until it is heard: the listener may not be there yet.
        for (var number = 1; !first.Task.IsCompleted && !patience.IsCancellationRequested; number++)
        {
            await Do("priority", (VerbArguments.Priority, $"{number % 100}"));
        }

        await Do("delete");

        var heard = await told;
        Assert.Contains("priority-set:1", heard);
        Assert.Equal("sweep-deleted:1", heard[^1]);
        Assert.Empty(await ToList(_far.Events(new("none"), patience.Token)));
    }

    private static async Task<List<IMessage>> ToList(IAsyncEnumerable<IMessage> events)
    {
        var all = new List<IMessage>();
        await foreach (var happened in events)
        {
            all.Add(happened);
        }

        return all;
    }

    [Fact]
    public async Task What_is_not_there_is_no_sweep_at_either_door()
    {
        Assert.Null(await _far.Control(new("none"), new SweepCommand.Control.PauseSweep()));
        Assert.Null(await _node.Operator.Control(new("none"), new SweepCommand.Control.PauseSweep()));
        Assert.Null(await _far.Drain("none", true));
        Assert.Contains("-100 to 100", (await _far.Control(new("s"), new SweepCommand.Control.SetPriority(1000)))!.Refused, StringComparison.Ordinal);
    }

    private async Task<string> Do(string verb, params (string Name, string Value)[] said) => Assert.Single(await Lines(verb, said));

    private async Task<IReadOnlyList<string>> Lines(string verb, params (string Name, string Value)[] said)
    {
        var arguments = new VerbArguments(said.ToDictionary(one => one.Name, one => (IReadOnlyList<string>)[one.Value]));
        var lines = new List<string>();
        await foreach (var line in OperatorCatalogue.Find(verb)!.Answer(_far, arguments, CancellationToken.None))
        {
            lines.Add(line.Text);
        }

        return lines;
    }
}
