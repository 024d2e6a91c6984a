using Akka.Actor;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Tests.Postgres;

namespace MemCluster.Coordinator.Tests;

/// <summary>The read model beside a real journal: what it missed, it reads.</summary>
public abstract class ReadModelActorTests(string journal) : JournalRowsTests(journal)
{
    [JournalFact]
    public void What_is_told_and_what_is_read_from_the_journal_give_the_same_rows()
    {
        var reader = Start();
        Flush(reader);
        foreach (var told in Story.Told)
        {
            Sys.EventStream.Publish(told);
        }

        Flush(reader);
        var live = Story.Rows(Home.ReadFile);
        Assert.NotEqual("", live);
        WriteJournal();

        Kill(reader);
        File.Delete(Home.ReadFile);
        Flush(Start());

        Assert.Equal(live, Story.Rows(Home.ReadFile));
    }

    [JournalFact]
    public async Task One_that_could_not_begin_begins_again()
    {
        WriteJournal();
        var props = ReadModelActor.PropsOf(Home.ReadFile, Feed, RowsTrust.OnlySealed());
        foreach (var part in Directory.GetFiles(Home.Folder, Path.GetFileName(Home.ReadFile) + "*"))
        {
            File.Delete(part);
        }

        Directory.CreateDirectory(Home.ReadFile);
        var reader = Sys.ActorOf(props);
        var waits = RowsAsked.Until(reader, Timeout.InfiniteTimeSpan, null, CancellationToken.None);
        await AwaitAssertAsync(() => Assert.Contains(Logs.Lines, line => line.Cause is not null), Patience);
        Directory.Delete(Home.ReadFile);

        // While it waits to try again, what is said to it is lost.
        await waits.WaitAsync(Patience);

        Assert.NotEqual("", Story.Rows(Home.ReadFile));
    }

    [JournalFact]
    public async Task Rows_that_are_deleted_under_it_are_made_again_from_the_journal()
    {
        WriteJournal();
        var reader = Start();
        Flush(reader);
        Array.ForEach(Directory.GetFiles(Home.Folder, Path.GetFileName(Home.ReadFile) + "*"), File.Delete);

        await RowsAsked.Until(reader, Timeout.InfiniteTimeSpan, null, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
        Assert.Contains(Logs.Lines, line => line.Message == $"{Home.ReadFile} was deleted, moved or replaced; its rows are made again from the journal");
    }

    [JournalFact]
    public async Task Whoever_waits_for_rows_that_nobody_makes_hears_so_in_a_sentence_or_goes_when_he_likes()
    {
        var nobody = CreateTestProbe().Ref;
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RowsAsked.Until(nobody, Timeout.InfiniteTimeSpan, null, enough.Token));
        var problem = await Assert.ThrowsAsync<UserError>(() => RowsAsked.Until(nobody, TimeSpan.FromSeconds(1), null, CancellationToken.None));

        Assert.Contains("memcluster.log", problem.Message, StringComparison.Ordinal);
    }

    [JournalFact]
    public void Events_that_come_again_count_once()
    {
        var reader = Start();
        Flush(reader);
        foreach (var told in Story.Told.Concat(Story.Told))
        {
            Sys.EventStream.Publish(told);
        }

        Flush(reader);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }

    [JournalFact]
    public void A_gap_is_filled_from_the_journal()
    {
        var reader = Start();
        Flush(reader);
        WriteJournal();

        Sys.EventStream.Publish(Story.Told.Last(told => told.Event is SweepEvent));
        Flush(reader);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }

    [JournalFact]
    public void Measures_that_come_before_their_sweep_was_read_wait_for_it()
    {
        WriteJournal();
        var reader = Start();

        Sys.EventStream.Publish(Story.Told.First(told => told.Event is TrialMeasured));
        Sys.EventStream.Publish(Story.Told.Last(told => told.Event is TrialMeasured));
        Flush(reader);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }

    [JournalFact]
    public void After_a_failure_it_begins_again_from_what_is_committed()
    {
        var reader = Start();
        Flush(reader);
        Sys.EventStream.Publish(Story.Told[0]);
        Sys.EventStream.Publish(new Written("sweep-other", 1, new SweepEvent.TrialFailed(new(new("other"), default, 1), 1, "x", TimeSpan.Zero, default)));
        WriteJournal();

        var whole = Rebuilt();
        AwaitAssert(
            () =>
            {
                Sys.EventStream.Publish(Story.Told[^1]);
                Assert.Equal(whole, Story.Rows(Home.ReadFile));
            },
            Patience);
    }

    [JournalFact]
    public void When_it_can_t_even_be_made_it_is_tried_again_until_it_can()
    {
        WriteJournal();
        var props = ReadModelActor.PropsOf(Home.ReadFile, Feed, RowsTrust.OnlySealed());
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            File.Delete(Home.ReadFile + part);
        }

        Directory.CreateDirectory(Home.ReadFile);
        var reader = Watch(Sys.ActorOf(props));
        // By Akka's default it would be gone for good after the first time.
        AwaitAssert(() => Assert.True(Logs.Lines.Count(line => line.Cause is not null) > 1), Patience);

        Directory.Delete(Home.ReadFile);
        AwaitAssert(
            () =>
            {
                reader.Tell(new FlushRows(), TestActor);
                Assert.Null(ExpectMsg<RowsFlushed>(TimeSpan.FromSeconds(3)).Behind);
            },
            Patience);
        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }

    [JournalFact]
    public void Whoever_watches_hears_of_events_after_they_can_be_read()
    {
        var states = new List<TrialState>();
        using var subscription = Feed.Subscribe(Sweep, happened =>
        {
            if (happened is SweepEvent.TrialFinished)
            {
                var model = new ReadModelReader(Home.ReadFile);
                states.Add(model.Trials(model.Find(Sweep)!).First().State);
            }
        });
        var reader = Start();
        Flush(reader);
        foreach (var told in Story.Told)
        {
            Sys.EventStream.Publish(told);
        }

        Flush(reader);

        Assert.Equal([TrialState.Finished], states);
    }

    [JournalFact]
    public void What_a_coordinator_elsewhere_writes_appears_without_a_word()
    {
        var reader = Sys.ActorOf(ReadModelActor.PropsOf(Home.ReadFile, Feed, RowsTrust.AsTheyAre(), TimeSpan.FromMilliseconds(100)));
        Flush(reader);

        WriteJournal();

        AwaitAssert(() => Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile)), Patience);
    }

    [JournalFact]
    public void A_node_that_takes_over_has_read_everything_before_it_answers()
    {
        var reader = Start();
        Flush(reader);
        WriteJournal();

        reader.Tell(new LookAgain());
        Flush(reader);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }
}

public sealed class ReadModelActorOnSqliteTests() : ReadModelActorTests(Sqlite);

public sealed class ReadModelActorOnPostgresTests() : ReadModelActorTests(Postgres)
{
    [Fact]
    public async Task A_home_whose_journal_is_elsewhere_says_so_rather_than_show_old_rows()
    {
        ReadModelOrigin.Settle(Home, Guid.NewGuid().ToString());

        var problem = await Assert.ThrowsAsync<UserError>(() => HomeAccess.Open(Home, null, CancellationToken.None));

        Assert.Contains("--at", problem.Message, StringComparison.Ordinal);
        Assert.Contains("MEMCLUSTER_JOURNAL", problem.Message, StringComparison.Ordinal);
    }
}
