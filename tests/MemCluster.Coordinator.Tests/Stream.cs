using Akka.Actor;
using Akka.Persistence;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>A stream of the journal, read and written as an earlier process would have.</summary>
internal static class Stream
{
    /// <summary>All events of a stream.</summary>
    public static IReadOnlyList<IMessage> Of(ActorSystem system, string stream) => Do(system, stream, new Scribe.Read());

    public static void Add(ActorSystem system, string stream, params IMessage[] events) => Do(system, stream, new Scribe.Write(events));

    private static IReadOnlyList<IMessage> Do(ActorSystem system, string stream, object command)
    {
        var scribe = system.ActorOf(Props.Create(() => new Scribe(stream)));
        var text = scribe.Ask<Scribe.Text>(command, TimeSpan.FromSeconds(10)).Result;
        Assert.True(scribe.GracefulStop(TimeSpan.FromSeconds(5)).Result);
        return text.Events;
    }
}

internal sealed class Scribe : ReceivePersistentActor
{
    private readonly List<IMessage> _events = [];
    private StreamProof _proof;

    public Scribe(string stream)
    {
        PersistenceId = stream;
        _proof = new(stream, StreamHead.Begin);
        Recover<SnapshotOffer>(_ => { });
        Recover<JournalEntry>(entry => _events.Add(_proof.Next(LastSequenceNr, entry)));
        Recover<IMessage>(happened => _events.Add(_proof.Next(LastSequenceNr, happened)));
        Command<Read>(_ => Sender.Tell(new Text([.. _events])));
        Command<Write>(write =>
        {
            var asker = Sender;
            var head = _proof.Head;
            PersistAll(
                write.Events.Select(happened =>
                {
                    var entry = JournalEntry.Of(happened, head.Link, stream, head.Number + 1);
                    head = new(head.Number + 1, entry.Link);
                    return entry;
                }).ToArray(),
                entry => _events.Add(_proof.Next(LastSequenceNr, entry)));
            DeferAsync(write, _ => asker.Tell(new Text([.. _events])));
        });
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public sealed record Read;

    public sealed record Write(IReadOnlyList<IMessage> Events);

    public sealed record Text(IReadOnlyList<IMessage> Events);
}
