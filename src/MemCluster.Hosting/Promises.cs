namespace MemCluster.Hosting;

/// <summary>What an operator may not turn: without it events would not last, foreign words would cross the wire, or an option would lie.</summary>
internal static class Promises
{
    private const string Listen = "say it with --listen and --advertise.";
    private const string Journal = "events must last; the journal's place is said with --journal or --home.";
    private const string Words = "only MemCluster's own words cross the wire and reach the journal.";

    /// <summary>Nobody would read anything else: it is a slip of the pen.</summary>
    private static readonly string[] Roots = ["akka", "memcluster", "petabridge"];

    private static readonly (string Path, string Why)[] Kept =
    [
        ("akka.actor.provider", "a node is always one of a cluster."),
        ("akka.actor.serializers", Words),
        ("akka.actor.serialization-bindings", Words),
        ("akka.actor.serialization-identifiers", Words),
        ("akka.actor.serialization-settings", Words),
        ("akka.persistence.journal.plugin", Journal),
        ("akka.persistence.snapshot-store.plugin", Journal),
        ("akka.persistence.journal.sql.class", Journal),
        ("akka.persistence.snapshot-store.sql.class", Journal),
        ("akka.persistence.journal.sql.connection-string", Journal),
        ("akka.persistence.snapshot-store.sql.connection-string", Journal),
        ("akka.persistence.query.journal.sql.connection-string", Journal),
        ("akka.persistence.journal.sql.provider-name", Journal),
        ("akka.persistence.snapshot-store.sql.provider-name", Journal),
        ("akka.persistence.query.journal.sql.provider-name", Journal),
        ("akka.cluster.roles", "what a node is, is said by the verb that starts it."),
        ("akka.cluster.seed-nodes", "say with --join whom to join."),
        ("akka.remote.dot-netty.tcp.hostname", Listen),
        ("akka.remote.dot-netty.tcp.port", Listen),
        ("akka.remote.dot-netty.tcp.public-hostname", Listen),
        ("akka.remote.dot-netty.tcp.public-port", Listen),
        ("akka.remote.dot-netty.tcp.enable-ssl", "say it with --certificates."),
        ("akka.remote.dot-netty.tcp.ssl", "say it with --certificates."),
    ];

    /// <param name="path">Of a setting that someone wants to change; with everything below it.</param>
    /// <returns>A sentence that says why not; null if it may be.</returns>
    public static string? Problem(string path) => !Roots.Any(root => IsBelow(path, root)) ? $"settings begin with {string.Join(" or ", Roots)}." : Kept
        .Where(kept => path == kept.Path || IsBelow(path, kept.Path) || IsBelow(kept.Path, path))
        .Select(kept => kept.Why)
        .FirstOrDefault();

    private static bool IsBelow(string path, string above) => path.StartsWith(above + ".", StringComparison.Ordinal);
}
