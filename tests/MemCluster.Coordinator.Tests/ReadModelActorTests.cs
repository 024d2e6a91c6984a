using Akka.Actor;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Sweeps;
using MemCluster.Tests.Postgres;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>The read model beside a real journal: what it missed, it reads.</summary>
public abstract class ReadModelActorTests(string journal) : ActorTests(journal)
{
    /// <summary>On a busy machine things take many times longer than on an idle one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FeedHub _feed = new();

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
        var props = ReadModelActor.PropsOf(Home.ReadFile, _feed);
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
        var props = ReadModelActor.PropsOf(Home.ReadFile, _feed);
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
                reader.Tell(new ReadModelActor.Flush(), TestActor);
                Assert.Null(ExpectMsg<ReadModelActor.Flushed>(TimeSpan.FromSeconds(3)).Behind);
            },
            Patience);
        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }

    [JournalFact]
    public void Whoever_watches_hears_of_events_after_they_can_be_read()
    {
        var states = new List<TrialState>();
        using var subscription = _feed.Subscribe(Sweep, happened =>
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
        var reader = Sys.ActorOf(ReadModelActor.PropsOf(Home.ReadFile, _feed, TimeSpan.FromMilliseconds(100)));
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

        reader.Tell(new ReadModelActor.Look());
        Flush(reader);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }

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

    private protected IActorRef Start() => Sys.ActorOf(ReadModelActor.PropsOf(Home.ReadFile, _feed));

    private protected void Flush(IActorRef reader)
    {
        reader.Tell(new ReadModelActor.Flush(), TestActor);
        while (ExpectMsg<ReadModelActor.Flushed>().Behind is not null)
        {
            reader.Tell(new ReadModelActor.Flush(), TestActor);
        }
    }
}

public sealed class ReadModelActorOnSqliteTests() : ReadModelActorTests(Sqlite)
{
    [Fact]
    public async Task A_home_that_was_left_behind_its_journal_is_brought_up_to_it()
    {
        WriteJournal();

        await HomeAccess.CatchUp(Home, CancellationToken.None);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
        Assert.Null(HomeLock.Running(Home));
    }

    [Theory]
    [InlineData("manifest = 'word-of-tomorrow'", 1)]
    [InlineData("message = x'7b22'", 3)]
    public async Task A_sweep_with_an_event_that_says_nothing_is_set_aside_and_holds_up_no_other(string damage, int number)
    {
        WriteJournal();
        WriteOther(Sleeps(2, "zebra"));
        Damage($"UPDATE journal SET {damage} WHERE persistence_id = 'sweep-s' AND sequence_number = {number}");

        Flush(Start());

        var answers = new ReadingOperator(new ReadModelReader(Home.ReadFile));
        var listed = await answers.List();
        Assert.Equal([("s", SweepSummary.CannotBeRead), ("zebra", "stopped")], listed.Select(sweep => (sweep.Sweep.Name, sweep.State)));
        Assert.Contains("journal check", listed[0].Waiting, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnreadableSweep>(() => answers.Spec(Sweep));
        Assert.Equal(2, (await answers.Status(new("zebra")))!.Summary.Counts.Trials);
    }

    [Fact]
    public async Task A_sweep_that_was_set_aside_is_whole_again_once_its_stream_is()
    {
        WriteJournal();
        Damage("UPDATE journal SET manifest = manifest || '?' WHERE persistence_id = 'sweep-s' AND sequence_number = 3");
        var reader = Start();
        Flush(reader);
        Damage("UPDATE journal SET manifest = rtrim(manifest, '?')");

        reader.Tell(new ReadModelActor.Look());
        Flush(reader);

        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
        Assert.Equal("stopped", (await new ReadingOperator(new ReadModelReader(Home.ReadFile)).List()).Single().State);
    }

    [Fact]
    public async Task A_home_of_five_sweeps_one_of_which_is_another_versions_answers_for_the_other_four()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            WriteOther(Sleeps(2, name));
        }

        WriteOther(Sleeps(2, "later"), "tomorrow: yes\n");

        await HomeAccess.CatchUp(Home, CancellationToken.None);

        var answers = await HomeAccess.Open(Home, null, CancellationToken.None);
        Assert.Equal(
            ["a stopped", "b stopped", "c stopped", "d stopped", $"later {SweepSummary.CannotBeRead}"],
            (await answers.List()).Select(sweep => $"{sweep.Sweep} {sweep.State}"));
        var problem = await Assert.ThrowsAsync<UnreadableSweep>(() => answers.Spec(new("later")));
        Assert.Contains("tomorrow", problem.Message, StringComparison.Ordinal);
    }

    private void WriteOther(SweepSpec spec, string more = "")
    {
        Stream.Add(Sys, "coordinator", new CoordinatorEvent.SweepRegistered(spec.Name, DateTimeOffset.UnixEpoch));
        Stream.Add(Sys, $"sweep-{spec.Name}", new SweepEvent.SweepSubmitted(
            spec.Name, spec.Canonical + more, spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version, 2, DateTimeOffset.UnixEpoch));
    }

    private void Damage(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Home.JournalFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(command.ExecuteNonQuery() > 0);
    }
}

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
