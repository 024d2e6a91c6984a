using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Serialization;
using MemCluster.Messages;

namespace MemCluster.Hosting;

/// <summary>The journal's door to <see cref="JournalEntry"/>: bytes in, bytes out. What is in them is decoded by whoever reads the stream, and proves it first.</summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands in journals; never change it.</summary>
    public const int Id = 4712;

    public override int Identifier => Id;

    public override string Manifest(object o) => ((JournalEntry)o).Kind;

    public override byte[] ToBinary(object obj) => ((JournalEntry)obj).ToBytes();

    /// <summary>Out of the journal it never fails, so that one damaged event hinders nobody from reading the others. Over the wire no entry ever comes.</summary>
    public override object FromBinary(byte[] bytes, string manifest) => InternalCurrentActorCellKeeper.Current?.Self.Path.Elements is ["system", "endpointManager", ..]
        ? throw new SerializationException($"Nothing is read off the wire by serializer {Id}: it is none of this cluster's words.")
        : JournalEntry.Parse(bytes, manifest ?? "");
}
