using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using MemCluster.Hosting;
using MemCluster.Tests;

namespace MemCluster.Trainer.Tests;

/// <summary>What becomes of a trainer's node, network included, when things go wrong with it.</summary>
public sealed class OwnNodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_port_that_is_anothers_meanwhile_is_told_and_tried_again_until_it_is_free()
    {
        var port = Ports.Free();
        var options = new NodeOptions { Profiles = ["trainer"], Port = port, Join = [$"127.0.0.1:{Ports.Free()}"] };
        await using var own = new OwnNode(options, new TrainerOptions(), TimeProvider.System);
        var nodes = new List<ActorSystem>();
        void Speak(ActorSystem system, IActorRef line) => nodes.Add(system);
        own.Begin(Speak);
        own.Keep(Speak, () => 3);
        Assert.Equal("no coordinator answers", own.Trouble);

        await nodes[0].Terminate();
        using (var other = new TcpListener(IPAddress.Loopback, port))
        {
            other.Start();
            await Until(() => own.Trouble!.StartsWith("its node can't be made anew: ", StringComparison.Ordinal));
            Assert.Single(nodes);
        }

        await Until(() => nodes.Count == 2);
        Assert.False(nodes[1].WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Whoever_was_told_how_long_to_wait_is_told_in_a_sentence_that_nobody_came()
    {
        var nobody = $"127.0.0.1:{Ports.Free()}";
        var options = new NodeOptions { Profiles = ["trainer"], Join = [nobody] };
        await using var own = new OwnNode(options, new TrainerOptions { Wait = TimeSpan.FromSeconds(5) }, TimeProvider.System);
        own.Begin((_, _) => { });

        var problem = await Assert.ThrowsAsync<TimeoutException>(() => own.Found(CancellationToken.None));

        Assert.Matches($"^No coordinator answered at {nobody} within [0-9]+ s: {nobody} can't be reached: .*[.]$", problem.Message);
    }

    private static async Task Until(Func<bool> done)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); !done(); await Task.Delay(20))
        {
            Assert.True(clock.Elapsed < Patience, "It never came to be so.");
        }
    }
}
