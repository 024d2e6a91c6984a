using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Tests;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Tests;

/// <summary>Trainers' nodes and a coordinator's, network included; in the coordinator's place an actor that writes down what it hears.</summary>
public sealed class CoordinatorLineTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<ActorSystem> _systems = [];
    private readonly int _port = Ports.Free();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Fact]
    public async Task A_trainer_started_first_finds_its_coordinator_when_that_comes_and_again_when_it_was_started_again()
    {
        var (_, line, state) = Trainer();
        line.Tell(Word("first"));
        await Task.Delay(1000);
        Assert.Null(state.Sight.At);

        var (first, heard) = await Coordinator();
        await Until(() => !heard.IsEmpty);
        Assert.Equal($"127.0.0.1:{_port}", state.Sight.At);
        line.Tell(Word("second"));
        await Until(() => heard.Count(word => word.Equals(Word("second"))) == 1);
        await Kill(first);
        await Until(() => state.Sight.At is null);

        var (_, again) = await Coordinator();

        await Until(() => !again.IsEmpty);
        Assert.Equal(Word("second"), again.First()); // The last word is said again: to one who does not know the speaker it is an occasion to ask.
        line.Tell(Word("third"));
        await Until(() => again.Contains(Word("third")));
    }

    [Fact]
    public async Task A_coordinator_alone_has_nobody_beside_it_and_lives_however_often_its_trainers_die()
    {
        var (coordinator, heard) = await Coordinator();
        var port = Ports.Free();
        for (var round = 0; round < 8; round++)
        {
            var (trainer, line, _) = Trainer(port);
            line.Tell(Word($"round {round}"));
            await Until(() => heard.Contains(Word($"round {round}")));
            await Kill(trainer);
        }

        var cluster = Cluster.Get(coordinator);
        Assert.Equal([MemberStatus.Up], cluster.State.Members.Select(member => member.Status));
        Assert.False(coordinator.WhenTerminated.IsCompleted);
        Assert.Equal("NoDowning", cluster.DowningProvider.GetType().Name);
    }

    [Fact]
    public void Several_coordinators_have_a_resolver_that_only_their_own_number_decides()
    {
        var system = Create(["coordinator", "postgres"], 0);

        Assert.Equal("SplitBrainResolverProvider", Cluster.Get(system).DowningProvider.GetType().Name);
    }

    [Fact]
    public async Task Looking_why_a_plain_coordinator_does_not_answer_leaves_nothing_in_its_log()
    {
        using var says = new MemCluster.Tests.CollectedLogs(LogLevel.Information);
        await Coordinator(says.Factory);

        var way = await WayToCoordinator.Look(new() { Profiles = ["trainer"], Join = [$"127.0.0.1:{_port}"] }, CancellationToken.None);

        Assert.Equal((Way.Free, null), way);
        await Task.Delay(500);
        Assert.DoesNotContain(says.Lines, line => line.ToString().Contains("frame", StringComparison.OrdinalIgnoreCase)
            || line.ToString().Contains("error", StringComparison.OrdinalIgnoreCase));
    }

    private static CoordinatorWord.TrainerRefused Word(string text) => new(1, text);

    private (ActorSystem System, IActorRef Line, LineState State) Trainer(int port = 0)
    {
        var state = new LineState(TimeProvider.System);
        var system = Create(["trainer"], port);
        return (system, WayToCoordinator.Line(system, new() { Profiles = [], Join = [$"127.0.0.1:{_port}"] }, state), state);
    }

    private async Task<(ActorSystem System, ConcurrentQueue<object> Heard)> Coordinator(ILoggerFactory? logs = null)
    {
        var heard = new ConcurrentQueue<object>();
        var system = Create(["coordinator"], _port, logs);
        await Node.JoinAsync(system, new() { Profiles = [] }, Patience, CancellationToken.None);
        system.ActorOf(Props.Create(() => new Manager(heard)), Roles.SingletonManager);
        return (system, heard);
    }

    private ActorSystem Create(string[] profiles, int port, ILoggerFactory? logs = null)
    {
        var options = new NodeOptions
        {
            Profiles = profiles,
            Port = port,
            Overrides = ConfigurationFactory.ParseString("akka.coordinated-shutdown.run-by-actor-system-terminate = off"),
        };
        var system = Node.Create(options with { Logs = logs ?? options.Logs });
        _systems.Add(system);
        return system;
    }

    /// <summary>Without a farewell, as a process that is killed.</summary>
    private async Task Kill(ActorSystem system)
    {
        await system.Terminate();
        _systems.Remove(system);
    }

    private static async Task Until(Func<bool> done)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); !done(); await Task.Delay(20))
        {
            Assert.True(clock.Elapsed < Patience, "It never came to be so.");
        }
    }

    private sealed class Manager : ReceiveActor
    {
        public Manager(ConcurrentQueue<object> heard) => Context.ActorOf(Props.Create(() => new Coordinating(heard)), "singleton");
    }

    private sealed class Coordinating : ReceiveActor
    {
        public Coordinating(ConcurrentQueue<object> heard) => ReceiveAny(heard.Enqueue);
    }
}
