using Akka.Actor;
using Akka.Configuration;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Tests;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Tests;

/// <summary>Nodes with certificates and without, network included.</summary>
public sealed class NodeTlsTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();
    private readonly CollectedLogs _clusterSays = new(LogLevel.Warning);
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
        _clusterSays.Dispose();
    }

    [Fact]
    public async Task Nodes_of_one_CA_join_each_other_and_words_cross()
    {
        var cluster = await Begin(_authority.Load());
        cluster.ActorOf(Props.Create(() => new Echo()), "echo");
        var (joining, options) = Create(_authority.Load("node2"), cluster);

        await Node.JoinAsync(joining, options, Within, CancellationToken.None);

        var echo = await joining.ActorSelection($"akka.ssl.tcp://memcluster@{Node.AddressOf(cluster)}/user/echo").ResolveOne(Within);
        Assert.Equal(new CoordinatorWord.RegisterAgain(3), await echo.Ask(new CoordinatorWord.RegisterAgain(3), Within));
    }

    [Fact]
    public async Task A_node_without_a_certificate_is_refused_and_both_sides_say_why()
    {
        var cluster = await Begin(_authority.Load());

        Assert.Contains("wants TLS; start this node with --certificates DIR", await Refusal(null, cluster), StringComparison.Ordinal);

        Assert.Contains(_clusterSays.Lines, line => line.ToString().Contains("Turned away whoever called from", StringComparison.Ordinal)
            && line.ToString().Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_of_another_CA_is_refused_and_both_sides_say_why()
    {
        var cluster = await Begin(_authority.Load());
        var stranger = _other.Load();

        var refusal = await Refusal(stranger, cluster);

        Assert.Contains($"the certificate of {Node.AddressOf(cluster)} is not signed by the CA of {Path.Combine(_other.Folder, "node1", "ca.crt")}", refusal, StringComparison.Ordinal);
        Assert.Contains(_clusterSays.Lines, line => line.ToString().Contains("Refused the node at", StringComparison.Ordinal)
            && line.ToString().Contains("is not signed by the CA of", StringComparison.Ordinal)
            && line.ToString().Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_with_certificates_does_not_fall_back_to_plain_text() =>
        Assert.Contains("does not speak TLS; was it started without --certificates?", await Refusal(_authority.Load(), await Begin(null)), StringComparison.Ordinal);

    [Fact]
    public async Task Where_nobody_listens_the_sentence_says_so()
    {
        var (joining, options) = Create(_authority.Load(), null);
        var nobody = $"127.0.0.1:{Ports.Free()}";

        var problem = await Assert.ThrowsAsync<TimeoutException>(
            () => Node.JoinAsync(joining, options with { Join = [nobody] }, TimeSpan.FromSeconds(1), CancellationToken.None));

        Assert.Contains($"{nobody} can't be reached: ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_somebody_on_the_network_sees_of_a_word(bool certificates)
    {
        using var relay = new TcpRelay();
        var port = Ports.Free();
        relay.To(port);
        var cluster = await Begin(certificates ? _authority.Load() : null, options => options with { Port = port, Advertise = $"127.0.0.1:{relay.Port}" });
        cluster.ActorOf(Props.Create(() => new Echo()), "echo");
        var (joining, options) = Create(certificates ? _authority.Load("node2") : null, cluster);
        await Node.JoinAsync(joining, options, Within, CancellationToken.None);
        var echo = await joining.ActorSelection(new RootActorPath(Akka.Cluster.Cluster.Get(cluster).SelfAddress) / "user" / "echo").ResolveOne(Within);

        await echo.Ask(new CoordinatorWord.TrainerRefused(1, "the secret of noise-by-capacity"), Within);

        Assert.True(relay.Seen.Length > 1000);
        Assert.Equal(!certificates, relay.HasSeen("noise-by-capacity"));
        Assert.Equal(!certificates, relay.HasSeen("trainer-refused:1"));
        Assert.Equal(!certificates, relay.HasSeen("memcluster@127.0.0.1"));
    }

    private async Task<ActorSystem> Begin(NodeCertificates? certificates, Func<NodeOptions, NodeOptions>? change = null)
    {
        var (system, options) = Create(certificates, null, change, _clusterSays.Factory);
        await Node.JoinAsync(system, options, Within, CancellationToken.None);
        return system;
    }

    /// <returns>Why it may not join; it must say so well before the time is up.</returns>
    private async Task<string> Refusal(NodeCertificates? certificates, ActorSystem cluster)
    {
        var (joining, options) = Create(certificates, cluster);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var problem = await Assert.ThrowsAsync<TimeoutException>(() => Node.JoinAsync(joining, options, Within, CancellationToken.None));
        Assert.True(clock.Elapsed < Within, "It waited to the end though it could know better.");
        return problem.Message;
    }

    private (ActorSystem System, NodeOptions Options) Create(
        NodeCertificates? certificates, ActorSystem? join, Func<NodeOptions, NodeOptions>? change = null, ILoggerFactory? logs = null)
    {
        var options = new NodeOptions
        {
            Profiles = ["coordinator"],
            Certificates = certificates,
            Join = join is null ? [] : [Node.AddressOf(join)],
            Overrides = ConfigurationFactory.ParseString("akka.loglevel = WARNING"),
        };
        options = options with { Logs = logs ?? options.Logs };
        options = change?.Invoke(options) ?? options;
        var system = Node.Create(options);
        _systems.Add(system);
        return (system, options);
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(word => Sender.Tell(word));
    }
}
