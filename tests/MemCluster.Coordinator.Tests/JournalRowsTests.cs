using Akka.Actor;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>The story in a real journal, and an actor that keeps the rows beside it.</summary>
public abstract class JournalRowsTests(string journal) : ActorTests(journal)
{
    /// <summary>On a busy machine things take many times longer than on an idle one.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private protected FeedHub Feed { get; } = new();

    /// <summary>The rows of the whole story.</summary>
    private protected static string Rebuilt()
    {
        using var home = new TemporaryHome();
        using (var model = new ReadModelWriter(home.Home.ReadFile))
        {
            foreach (var told in Story.Told)
            {
                model.Apply(told);
            }
        }

        return Story.Rows(home.Home.ReadFile);
    }

    private protected void WriteJournal()
    {
        Stream.Add(Sys, "coordinator", new CoordinatorEvent.SweepRegistered(Sweep, DateTimeOffset.UnixEpoch));
        Stream.Add(Sys, "sweep-s", [.. Story.Control]);
        Stream.Add(Sys, "metrics-s-0", [.. Story.Metrics]);
    }

    private protected IActorRef Start() => Sys.ActorOf(ReadModelActor.PropsOf(Home.ReadFile, Feed, RowsTrust.OnlySealed()));

    private protected void Flush(IActorRef reader)
    {
        reader.Tell(new FlushRows(), TestActor);
        while (ExpectMsg<RowsFlushed>().Behind is not null)
        {
            reader.Tell(new FlushRows(), TestActor);
        }
    }
}
