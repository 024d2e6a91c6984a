using Akka.Actor;
using Akka.Configuration;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Tests;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Tests;

/// <summary>Words that are too large for a frame: never lost without a line in both logs.</summary>
public sealed class FrameTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private readonly CollectedLogs _nearSays = new(LogLevel.Warning);
    private readonly CollectedLogs _farSays = new(LogLevel.Warning);
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));

    public void Dispose()
    {
        _nearSays.Dispose();
        _farSays.Dispose();
    }

    [Fact]
    public async Task A_word_over_the_limit_is_refused_with_a_line_in_both_logs_and_the_line_stays_open()
    {
        var (near, far) = (Create(_nearSays, 256_000), Create(_farSays, 256_000));
        var echo = await EchoIn(far, near);

        echo.Tell(new CoordinatorWord.TrainerRefused(1, new string('x', 300_000)));

        var sent = await Line(_nearSays, "is too large and lost: 'trainer-refused:1' of ");
        var missed = await Line(_farSays, "had a word for this node that is too large and lost: 'trainer-refused:1' of ");
        Assert.Contains("a frame holds 256000", sent, StringComparison.Ordinal);
        Assert.Contains(Node.AddressOf(near), missed, StringComparison.Ordinal);
        Assert.Equal(new CoordinatorWord.RegisterAgain(4), await echo.Ask(new CoordinatorWord.RegisterAgain(4), Within));
        Assert.Equal(new CoordinatorWord.TrainerRefused(1, new string('x', 200_000)), await echo.Ask(new CoordinatorWord.TrainerRefused(1, new string('x', 200_000)), Within));
    }

    [Fact]
    public async Task A_frame_that_arrives_too_large_is_refused_with_a_line_in_both_logs_and_the_nodes_connect_anew()
    {
        var (near, far) = (Create(_nearSays, 512_000), Create(_farSays, 256_000));
        var echo = await EchoIn(far, near);

        echo.Tell(new CoordinatorWord.TrainerRefused(1, new string('x', 300_000)));

        await Line(_farSays, "Error caught channel"); // Its cause: the frame's length and the limit.
        await Line(_nearSays, "Association with remote system");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Assert.Equal(new CoordinatorWord.RegisterAgain(4), await echo.Ask(new CoordinatorWord.RegisterAgain(4), TimeSpan.FromSeconds(1)));
                break;
            }
            catch (AskTimeoutException) when (clock.Elapsed < Within)
            {
                // Closed for a moment.
            }
        }
    }

    private static async Task<string> Line(CollectedLogs logs, string part)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < Within)
        {
            if (logs.Lines.Select(line => line.ToString()).FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"Nobody said '{part}', but: {string.Join('\n', logs.Lines)}");
    }

    private static Task<IActorRef> EchoIn(ActorSystem far, ActorSystem near)
    {
        far.ActorOf(Props.Create(() => new Echo()), "echo");
        return near.ActorSelection($"akka.tcp://memcluster@{Node.AddressOf(far)}/user/echo").ResolveOne(Within);
    }

    private ActorSystem Create(CollectedLogs logs, int frame)
    {
        var system = Node.Create(new NodeOptions
        {
            Profiles = ["trainer"],
            Logs = logs.Factory,
            Overrides = ConfigurationFactory.ParseString($$"""
                akka.loglevel = WARNING
                akka.remote.dot-netty.tcp.maximum-frame-size = {{frame}}b
                akka.remote.dot-netty.tcp.send-buffer-size = {{2 * frame}}b
                akka.remote.dot-netty.tcp.receive-buffer-size = {{2 * frame}}b
                """),
        });
        _systems.Add(system);
        return system;
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(word => Sender.Tell(word));
    }
}
