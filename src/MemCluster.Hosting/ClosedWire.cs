using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;

namespace MemCluster.Hosting;

/// <summary>
/// What a node reads off the wire and out of the journal: our own words, and the few of Akka's that hold a cluster together. Akka brings serializers
/// that build whatever type the sender names, deploy actors, or stop them; all of them stay registered for reading however strict writing is. So each
/// one that a node has is wrapped here, and one that <see cref="Read"/> does not know, a later version's included, reads nothing.
/// </summary>
internal static class ClosedWire
{
    /// <summary>By the names under which Akka writes them; types stand under their own.</summary>
    private static readonly FrozenDictionary<int, string[]> Read = new Dictionary<int, string[]>
    {
        // Membership. Not Leave and Down, which a node tells itself alone, nor routers.
        [5] = ["J", "W", "IJ", "IJA", "IJN", "HB", "HBR", "GE", "GS", "EC",
            .. new[] { "InternalClusterAction+Join", "InternalClusterAction+Welcome", "InternalClusterAction+InitJoin", "InternalClusterAction+InitJoinAck",
                "InternalClusterAction+InitJoinNack", "InternalClusterAction+ExitingConfirmed", "ClusterHeartbeatSender+Heartbeat",
                "ClusterHeartbeatSender+HeartbeatRsp", "GossipEnvelope", "GossipStatus" }.Select(name => $"Akka.Cluster.{name}, Akka.Cluster")],

        // A word for a path; what it wraps is read by its own serializer.
        [6] = [""],

        // The coordinator's hand-over.
        [14] = ["A", "B", "C", "D", "E"],

        // Who is there, and are they still. No PoisonPill, Kill, exception, router, scope or configuration.
        [16] = ["ID", "AID", "RWHB", "RWHR"],

        // Texts and whole numbers: what Identify is told apart by.
        [17] = ["S", "I", "L", .. new[] { "String", "Int32", "Int64" }.SelectMany(name => new[] { $"System.{name}, System.Private.CoreLib", $"System.{name}, mscorlib" })],

        // To watch an actor, and to hear of its end. None that makes, stops, suspends or adopts one.
        [22] = [.. new[] { "Watch", "Unwatch", "DeathWatchNotification" }.Select(name => $"Akka.Dispatch.SysMsg.{name}, Akka")],
    }.ToFrozenDictionary();

    public static Setup Of() => SerializationSetup.Create(system =>
    [
        .. system.Settings.Config.GetConfig("akka.actor.serializers").AsEnumerable()
            .Select(named => (named.Key, Serializer: Make(named.Key, named.Value.GetString(), system)))
            .Where(named => named.Serializer is not (JsonMessageSerializer or JournalSerializer))
            .Select(named => SerializerDetails.Create(
                named.Key, new ClosedSerializer(system, named.Serializer, Read.GetValueOrDefault(named.Serializer.Identifier, [])), [])),
    ]);

    private static Serializer Make(string alias, string type, ExtendedActorSystem system)
    {
        var made = Type.GetType(type, throwOnError: true)!;
        object[] given = made.GetConstructor([typeof(ExtendedActorSystem), typeof(Config)]) is null
            ? [system]
            : [system, system.Settings.Config.GetConfig($"akka.actor.serialization-settings.{alias}") ?? Config.Empty];
        return (Serializer)Activator.CreateInstance(made, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, given, CultureInfo.InvariantCulture)!;
    }
}

/// <summary>Writes as the one inside does, and reads only what stands on a list; the rest is refused before a type is looked for.</summary>
public sealed class ClosedSerializer(ExtendedActorSystem system, Serializer inner, IReadOnlyList<string> read) : SerializerWithStringManifest(system)
{
    public override int Identifier => inner.Identifier;

    public override string Manifest(object o) => Akka.Serialization.Serialization.ManifestFor(inner, o);

    public override byte[] ToBinary(object obj) => inner.ToBinary(obj);

    public override object FromBinary(byte[] bytes, string manifest)
    {
        manifest ??= "";
        if (!read.Contains(manifest))
        {
            // Remoting drops the word and keeps the line open on this type of exception; a journal's stream does not open.
            throw new SerializationException($"Nothing is read by serializer {Identifier} under the name '{manifest}': it is none of this cluster's words.");
        }

        return inner is SerializerWithStringManifest named ? named.FromBinary(bytes, manifest)
            : inner.FromBinary(bytes, manifest.Length == 0 ? null! : Type.GetType(manifest, throwOnError: true)!);
    }
}
