using Akka.Actor;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>A home whose journal was written by others, or damaged: its rows are brought up to it, as far as it can be read.</summary>
public sealed class HomeRowsTests() : JournalRowsTests(Sqlite)
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

        reader.Tell(new LookAgain());
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

    [Fact]
    public async Task Rows_that_were_closed_in_order_are_not_believed_over_an_older_copy_of_the_journal()
    {
        WriteJournal();
        await HomeAccess.CatchUp(Home, CancellationToken.None);
        Assert.True(FileSeal.Holds(Home.ReadFile) == true && RowsOfJournal.AreCurrent(Home));
        var all = (await (await HomeAccess.Open(Home, null, CancellationToken.None)).List()).Single().Counts;
        Damage("DELETE FROM journal WHERE persistence_id = 'sweep-s' AND sequence_number > 2");
        Damage("DELETE FROM journal WHERE persistence_id = 'metrics-s-0'");

        Assert.False(RowsOfJournal.AreCurrent(Home));
        var left = (await (await HomeAccess.Open(Home, null, CancellationToken.None)).List()).Single().Counts;

        Assert.True(all.Ended > 0);
        Assert.Equal(0, left.Ended);
    }

    [Fact]
    public async Task An_event_that_is_another_of_the_same_number_is_another_journal()
    {
        WriteJournal();
        await HomeAccess.CatchUp(Home, CancellationToken.None);
        Damage("UPDATE journal SET message = CAST(replace(message, '\"chain\":\"', '\"chain\":\"0') AS BLOB) WHERE persistence_id = 'sweep-s'");

        Assert.False(RowsOfJournal.AreCurrent(Home));
    }

    [Fact]
    public async Task Where_only_rows_are_left_of_a_journal_nothing_is_told_from_them_and_nothing_begins_anew_unasked()
    {
        WriteJournal();
        await HomeAccess.CatchUp(Home, CancellationToken.None);
        await Sys.Terminate();
        SqliteConnection.ClearAllPools();
        File.Delete(Home.JournalFile);

        var read = await Assert.ThrowsAsync<UserError>(() => HomeAccess.Open(Home, null, CancellationToken.None));
        var begun = await Assert.ThrowsAsync<UserError>(() => CoordinatorNode.Start(new() { Home = Home, Node = new() { Profiles = ["coordinator"] } }, CancellationToken.None));

        Assert.Contains("delete read.db to begin anew", read.Message, StringComparison.Ordinal);
        Assert.Equal(read.Message, begun.Message);
    }

    [Fact]
    public async Task Rows_that_a_crash_left_are_made_anew_before_anything_that_lasts_is_made_from_them()
    {
        WriteJournal();
        Flush(Start());
        var trust = RowsTrust.AsTheyAre();
        var reader = Sys.ActorOf(ReadModelActor.PropsOf(Home.ReadFile, Feed, trust));
        Flush(reader);
        Assert.False(trust.AreProved);

        await trust.Prove(Home.ReadFile, CancellationToken.None);
        await RowsAsked.Until(reader, Patience, null, CancellationToken.None);

        Assert.True(trust.AreProved);
        Assert.Equal(Rebuilt(), Story.Rows(Home.ReadFile));
    }

    [Fact]
    public async Task Status_tells_of_attempts_whose_epochs_the_journal_had_lost()
    {
        WriteJournal();
        Stream.Add(Sys, "sweep-s", new SweepEvent.TrialLost(
            Story.Key(3, 1), 3, "the journal has no epochs 1 to 2 any more", 0, DateTimeOffset.UnixEpoch, JournalLost: true));

        var answers = await HomeAccess.Open(Home, null, CancellationToken.None);

        Assert.Equal(1, (await answers.Status(Sweep))!.Summary.JournalLost);
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
