using Akka.Actor;
using MemCluster.Coordinator;
using MemCluster.Hosting;
using MemCluster.Operations;
using Microsoft.Data.Sqlite;

namespace MemCluster.Pbm.Tests;

/// <summary>A real coordinator node, journal and API and all, with two scripted trainers: <c>lab</c> takes every trial, <c>spare</c> none.</summary>
internal sealed class Testbed : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-doors-").FullName;

    public CoordinatorNode Node { get; private set; } = null!;

    public string Specs => Path.Combine(_folder, "specs");

    public IOperator Operator => Node.Operator;

    public static async Task<Testbed> Start()
    {
        var bed = new Testbed();
        Directory.CreateDirectory(bed.Specs);
        bed.Node = await CoordinatorNode.Start(
            new() { Home = new Home(Path.Combine(bed._folder, "home")), Node = new NodeOptions { Profiles = ["coordinator"] } }, CancellationToken.None);
        foreach (var (name, room) in ((string, int)[])[("lab", 1000), ("spare", 0)])
        {
            bed.Node.System.ActorOf(Props.Create(() => new ScriptedTrainer(name, room, bed.Node.Proxy)), name);
        }

        await Until(async () => await bed.Nodes() == 2);
        return bed;
    }

    /// <summary>Four trials of two depths and two seeds; what becomes of them, the name says (<see cref="ScriptedTrainer"/>).</summary>
    public static string Yaml(string name) =>
        $"sweep: {name}\nquestion: Why?\nnetwork: {{ kind: sleep, seconds: 0 }}\naxes: {{ depth: [1, 2] }}\nseeds: 2\n"
        + (ScriptedTrainer.IsScored(name) ? "measures: { learning: last }\n" : "");

    public string Spec(string name)
    {
        File.WriteAllText(Path.Combine(Specs, name + ".yaml"), Yaml(name));
        return name + ".yaml";
    }

    /// <summary>Submits the sweep and waits until the trainer has done with it what it does.</summary>
    public async Task Submit(string name)
    {
        Assert.Empty((await Operator.Submit(new(Yaml(name), false))).Problems);
        var wanted = name.Split('-')[0] switch { "ends" or "mixed" or "scored" => (0, 4), _ => (4, 0) };
        await Until(async () => await Operator.Status(new(name)) is { Summary.Counts: var counts } && (counts.Running, counts.Ended) == wanted);
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        for (var patience = 0; !await condition(); patience++)
        {
            Assert.True(patience < 600, "It did not come about within a minute.");
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> Nodes()
    {
        try
        {
            return (await Operator.Nodes()).Count;
        }
        catch (UserError)
        {
            return 0; // It is being started.
        }
    }
}
