using Akka.Actor.Setup;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Hosting;

/// <summary>How a node stands in the network. Nothing here can change a result.</summary>
public sealed record NodeOptions
{
    /// <summary>Files of hocon/ that lie on top of base, lowest first: <c>coordinator</c>, <c>trainer</c>, <c>local</c>, <c>postgres</c>.</summary>
    public required IReadOnlyList<string> Profiles { get; init; }

    /// <summary>Address to bind, an address of this machine. Loopback by default: a node is not opened to a network by accident.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port to bind; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary><c>HOST:PORT</c> that others dial, where it differs from the bound one (containers, NAT); null otherwise.</summary>
    public string? Advertise { get; init; }

    /// <summary><c>HOST:PORT</c> of nodes to join; see <see cref="SeedNodes"/>. Empty: begin a cluster of one's own.</summary>
    public IReadOnlyList<string> Join { get; init; } = [];

    /// <summary>
    /// <c>HOST:PORT</c> of nodes that were members when this one last ran. A node that begins a cluster asks them first: alone on its old
    /// address it would found a second cluster beside the one that still waits for it.
    /// </summary>
    public IReadOnlyList<string> LastMembers { get; init; } = [];

    /// <summary>False: wait for others, even where this node could begin a cluster.</summary>
    public bool MayBegin { get; init; } = true;

    /// <summary>With them it speaks TLS with nodes of the same CA and with nobody else; null: plain text, with anybody.</summary>
    public NodeCertificates? Certificates { get; init; }

    /// <summary>Where the node's loggers come from: its actors' and Akka's. It belongs to whoever made it. By default nobody listens.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Akka's own knobs as the operator turns them, above the profiles and below everything said with options; see <see cref="Hosting.Tuning"/>.</summary>
    public Config Tuning { get; init; } = Config.Empty;

    /// <summary>Wins over everything else (the journal's place, for one).</summary>
    public Config Overrides { get; init; } = Config.Empty;

    /// <summary>What can't stand in HOCON, which may be printed: a connection with its password, for one.</summary>
    public IReadOnlyList<Setup> Setups { get; init; } = [];

    /// <summary>Lies below everything else: what a plug-in brings along as its own defaults.</summary>
    public Config Defaults { get; init; } = Config.Empty;
}
