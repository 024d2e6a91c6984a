using Akka.Actor;
using Akka.Serialization;
using MemCluster.Messages;

namespace MemCluster.Hosting;

/// <summary>Akka's door to <see cref="MessageJson"/>: the same bytes on the wire and in the journal.</summary>
public sealed class JsonMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands on the wire, and in journals of versions that had no chain; never change it.</summary>
    public const int Id = 4711;

    public override int Identifier => Id;

    public override string Manifest(object o) => MessageJson.KindOf(o);

    public override byte[] ToBinary(object obj) => MessageJson.Write(obj);

    public override object FromBinary(byte[] bytes, string manifest) => MessageJson.Read(bytes, manifest);
}
