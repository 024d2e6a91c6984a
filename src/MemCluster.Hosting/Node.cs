using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Microsoft.Extensions.Logging;

namespace MemCluster.Hosting;

/// <summary>How a process becomes a node of the cluster; the one way, used by every executable and by tests.</summary>
public static class Node
{
    /// <summary>A node that is there lets one in within a second or two; after this it is worth finding out why it doesn't.</summary>
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(5);

    /// <exception cref="FormatException">It would listen everywhere without saying where others reach it.</exception>
    /// <exception cref="FileNotFoundException">No profile of that name stands in hocon/.</exception>
    public static ActorSystem Create(NodeOptions options)
    {
        var config = options.Overrides.WithFallback(Network(options)).WithFallback(options.Tuning);
        string[] tls = options.Certificates is null ? [] : [ClusterTls.Profile];
        foreach (var profile in options.Profiles.Concat(tls).Reverse())
        {
            config = config.WithFallback(Profile(profile));
        }

        var setup = ActorSystemSetup.Create(
        [
            BootstrapSetup.Create().WithConfig(config
                .WithFallback(Profile("base"))
                .WithFallback(options.Defaults)
                .WithFallback(ClusterSingleton.DefaultConfig())),
            new NodeLogs(options.Logs),
            ClosedWire.Of(),
            .. options.Certificates is { } certificates ? [ClusterTls.Of(certificates, options.Logs)] : Array.Empty<Setup>(),
            .. options.Setups,
        ]);
        var system = ActorSystem.Create(Roles.SystemName, setup);
        if (options.Certificates?.Warning(DateTimeOffset.UtcNow) is { } ends)
        {
            system.LogOf<NodeCertificates>().LogWarning("{Ends}", ends);
        }

        system.ActorOf(Props.Create(() => new LineWatch()), LineWatch.Name);
        return system;
    }

    /// <summary>Joins the nodes named in the options, or begins a cluster; done when this node is up.</summary>
    /// <exception cref="TimeoutException">Nobody answered in time, or nobody ever will: the two sides' certificates don't fit. It says why, if that can be found out.</exception>
    public static async Task JoinAsync(ActorSystem system, NodeOptions options, TimeSpan within, CancellationToken stop)
    {
        var cluster = Cluster.Get(system);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(within);
        try
        {
            var seeds = SeedNodes.Of(options.Join, options.LastMembers, AddressOf(system));
            var others = seeds.Others.Select(member => AddressOf(cluster, member));
            var joining = cluster.JoinSeedNodesAsync(
                options.MayBegin && seeds.MayBegin ? others.Prepend(cluster.SelfAddress) : others, limit.Token);
            if (await Task.WhenAny(joining, Task.Delay(LookAfter, stop)).ConfigureAwait(false) != joining
                && await Look(system, options, stop).ConfigureAwait(false) is { IsLasting: true } problem)
            {
                await limit.CancelAsync().ConfigureAwait(false);
                await joining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new TimeoutException($"This node can't join the cluster: {problem.Sentence}.");
            }

            await joining.ConfigureAwait(false);
            system.ActorOf(Props.Create(() => new CoordinatorsWatch()), "coordinators-watch");
        }
        catch (ClusterJoinFailedException) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        catch (Exception problem) when (problem is OperationCanceledException or ClusterJoinFailedException && !stop.IsCancellationRequested)
        {
            throw new TimeoutException(options.Join.Count == 0
                ? $"This node could not begin a cluster within {within.TotalSeconds:0} s."
                : $"No cluster node answered at {string.Join(", ", options.Join)} within {within.TotalSeconds:0} s"
                    + (await Look(system, options, stop).ConfigureAwait(false) is { } found ? $": {found.Sentence}." : "."));
        }
    }

    /// <summary>What stands in the way to a node that is to be joined; one that is lasting first.</summary>
    private static async Task<DialTest.Finding?> Look(ActorSystem system, NodeOptions options, CancellationToken stop)
    {
        var self = AddressOf(system);
        var found = await DialTest.OfAll(options.Join.Where(member => member != self), options.Certificates, stop).ConfigureAwait(false);
        return found.OfType<DialTest.Finding>().OrderByDescending(finding => finding.IsLasting).FirstOrDefault();
    }

    /// <summary>Where the coordinator is reached from this node, wherever it lives just now.</summary>
    public static IActorRef CoordinatorProxy(ActorSystem system) => system.ActorOf(
        ClusterSingletonProxy.Props(
            $"/user/{Roles.SingletonManager}",
            ClusterSingletonProxySettings.Create(system).WithRole(Roles.Coordinator).WithLogSingletonIdentificationFailure(false)),
        "coordinator-proxy");

    /// <summary>The address others reach this node at, <c>HOST:PORT</c>.</summary>
    public static string AddressOf(ActorSystem system)
    {
        var self = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return $"{self.Host}:{self.Port}";
    }

    /// <exception cref="FormatException">The text is not HOST:PORT; the message says so in a sentence.</exception>
    public static (string Host, int Port) ParseAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? (text[..colon], port)
            : throw new FormatException($"'{text}' is no address; write HOST:PORT, for instance 127.0.0.1:4053");
    }

    private static Address AddressOf(Cluster cluster, string member)
    {
        var (host, port) = ParseAddress(member);
        return new Address(cluster.SelfAddress.Protocol, Roles.SystemName, host, port);
    }

    private static Config Network(NodeOptions options)
    {
        if (options.Host is "0.0.0.0" or "::" or "[::]" && options.Advertise is null)
        {
            throw new FormatException($"A node that listens on {options.Host} must say how others reach it: add --advertise HOST:{options.Port}");
        }

        var (publicHost, publicPort) = options.Advertise is { } advertised ? ParseAddress(advertised) : (options.Host, options.Port);
        return ConfigurationFactory.ParseString($$"""
            akka.remote.dot-netty.tcp {
              hostname = "{{options.Host}}"
              port = {{options.Port}}
              public-hostname = "{{publicHost}}"
              public-port = {{publicPort}}
            }
            akka.loglevel = {{(options.Logs.CreateLogger("MemCluster").IsEnabled(LogLevel.Debug) ? "DEBUG" : "INFO")}}
            # Those that were members before may be busy; to give them up too soon is to found a second cluster.
            akka.cluster.seed-node-timeout = {{(options.LastMembers.Count > 0 ? 10 : 5)}}s
            """);
    }

    private static Config Profile(string name)
    {
        using var stream = typeof(Node).Assembly.GetManifestResourceStream($"hocon/{name}.conf")
            ?? throw new FileNotFoundException($"No profile '{name}' stands in hocon/.");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
