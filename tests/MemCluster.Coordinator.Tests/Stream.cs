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

    public Scribe(string stream)
    {
        PersistenceId = stream;
        Recover<IMessage>(_events.Add);
        Command<Read>(_ => Sender.Tell(new Text([.. _events])));
        Command<Write>(write =>
        {
            var asker = Sender;
            PersistAll(write.Events, _events.Add);
            DeferAsync(write, _ => asker.Tell(new Text([.. _events])));
        });
    }

    public override string PersistenceId { get; }

    public sealed record Read;

    public sealed record Write(IReadOnlyList<IMessage> Events);

    public sealed record Text(IReadOnlyList<IMessage> Events);
}
