using MemCluster.Coordinator.Http;
using MemCluster.Hosting;

namespace MemCluster.Coordinator;

/// <summary>Where and how a coordinator runs. Nothing here can change a result.</summary>
public sealed record CoordinatorOptions
{
    public required Home Home { get; init; }

    public required NodeOptions Node { get; init; }

    /// <summary>A PostgreSQL database that several coordinators share; null: a SQLite file in the home.</summary>
    public JournalConnection? Journal { get; init; }

    /// <summary>Loopback, a free port, unless it says otherwise.</summary>
    public ApiOptions Api { get; init; } = new();

    /// <summary><c>HOST:PORT</c> by which other coordinator nodes reach the HTTP API, where that differs from what it listens on; null otherwise.</summary>
    public string? ApiAdvertise { get; init; }

    /// <summary>How long to wait for a cluster that this node may not begin itself.</summary>
    public TimeSpan JoinWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Where probes are answered over plain HTTP, beside the API; null: nowhere.</summary>
    public (string Host, int Port)? Health { get; init; }

    /// <summary>A trial whose trainer is silent for this long is given to another. 15 s: three lost heartbeats.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether sweeps that nobody has asked for since it began wait. False: it goes on with all that are not over.</summary>
    public bool OnlyWhatIsAsked { get; init; }

    /// <summary>
    /// The API is begun once the coordinator is at work, and nobody waits for it, nor learns that it could not be: so that the first trial comes sooner.
    /// Only with a journal in the home; coordinators that share one find each other by it.
    /// </summary>
    public bool ApiFollows { get; init; }

    /// <summary>The machine's own outside of tests.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The Petabridge.Cmd door; null where it stays shut, or this build has none.</summary>
    internal PbmOptions? Pbm { get; init; }
}
