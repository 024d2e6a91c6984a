using System.Collections.Concurrent;
using Akka.Actor;

namespace MemCluster.Coordinator;

/// <summary>Streams whose snapshot turned out to be wrong, for as long as this node lives: the next life of their actor reads all events.</summary>
internal sealed class SnapshotDoubts : IExtension
{
    private readonly ConcurrentDictionary<string, bool> _streams = [];

    public static SnapshotDoubts Of(ActorSystem system) => system.WithExtension<SnapshotDoubts, Provider>();

    public bool Has(string stream) => _streams.ContainsKey(stream);

    public void Add(string stream) => _streams[stream] = true;

    /// <summary>Ends a life in which a snapshot was offered that is wrong.</summary>
    public sealed class Exception(string why) : System.Exception(why);

    private sealed class Provider : ExtensionIdProvider<SnapshotDoubts>
    {
        public override SnapshotDoubts CreateExtension(ExtendedActorSystem system) => new();
    }
}
