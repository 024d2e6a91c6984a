using System.Globalization;
using MemCluster.Operations;
using MemCluster.Operations.Chaos;

namespace MemCluster.Cli.Chaos;

/// <summary>A coordinator and trainers as processes of this program, each behind its relay, each kept running.</summary>
internal sealed class ChaosCluster : IDisposable
{
    private static readonly TimeSpan KeepEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>A service manager gives up at some time, too.</summary>
    private const int MostInVain = 40;

    private readonly ChildProcesses _children = new();
    private readonly ChaosNetwork _network;
    private readonly List<ChaosNode> _nodes = [];

    private ChaosCluster(string api)
    {
        Api = api;
        _network = new(() => [.. _nodes.Index().Where(node => node.Item.Process is not null).Select(node => (node.Index, node.Item.Process!.Value))]);
    }

    /// <summary><c>127.0.0.1:PORT</c> of the coordinator's HTTP API, which leads through no relay.</summary>
    public string Api { get; }

    public ChaosNetwork Network => _network;

    /// <summary>The coordinator, then the trainers.</summary>
    public IReadOnlyList<ChaosNode> Nodes => _nodes;

    public ChaosNode Coordinator => _nodes[0];

    /// <exception cref="UserError">This machine can't, or has no free ports.</exception>
    public static async Task<ChaosCluster> Start(ChaosOptions options, ChaosHome home)
    {
        var ports = FreePorts.Find(options.Schedule.Trainers + 2);
        var cluster = new ChaosCluster(Address(ports[^1]));
        try
        {
            await cluster._children.Check();
            var meet = cluster.Add(home, ports[0], (listen, advertise) =>
            [
                "coordinator", "--home", home.Home.Folder, "--listen", listen, "--advertise", advertise, "--http", cluster.Api,
                .. Said("--journal", options.Journal),
            ]);
            foreach (var port in ports.Take(options.Schedule.Trainers + 1).Skip(1))
            {
                cluster.Add(home, port, (listen, advertise) =>
                [
                    "trainer", "--name", ChaosStep.NameOf(cluster._nodes.Count), "--join", meet, "--listen", listen, "--advertise", advertise, "--slots", "1",
                    "--checkpoints", home.Checkpoints, "--checkpoint-every", "1", .. Said("--data", options.Data),
                ]);
            }

            foreach (var node in cluster._nodes)
            {
                await node.Restart();
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Whoever ended is begun again, until cancelled.</summary>
    /// <exception cref="UserError">One of them ends as soon as it has begun, again and again.</exception>
    public async Task Keep(CancellationToken cancel)
    {
        while (true)
        {
            foreach (var node in _nodes)
            {
                await node.Keep();
                if (node.InVain >= MostInVain)
                {
                    throw new UserError($"{node.Name} ended {MostInVain} times as soon as it had begun, with exit code {node.Ends.Code}; its last words are in {node.Output}");
                }
            }

            await Task.Delay(KeepEvery, cancel);
        }
    }

    /// <summary>In order: trainers hand back what they have, the coordinator closes its files.</summary>
    public async Task Stop()
    {
        await Task.WhenAll(_nodes.Skip(1).Select(node => node.Stop(TimeSpan.FromSeconds(15))));
        await Coordinator.Stop(TimeSpan.FromSeconds(30));
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        _network.Dispose();
        _children.Dispose();
    }

    /// <returns>Where the others reach it.</returns>
    private string Add(ChaosHome home, int port, Func<string, string, IReadOnlyList<string>> arguments)
    {
        var name = ChaosStep.NameOf(_nodes.Count);
        var reached = Address(_network.Relay(_nodes.Count, port));
        _nodes.Add(new(_children, name, home.OutputOf(name), arguments(Address(port), reached)));
        return reached;
    }

    private static string Address(int port) => $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";

    private static string[] Said(string option, string? value) => value is null ? [] : [option, value];
}
