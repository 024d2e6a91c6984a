using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>A SQLite journal is looked at, made, brought forward; by hand it is aged and damaged first.</summary>
public sealed class JournalCareTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private Home Home => _home.Home;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task An_empty_journal_is_made_once_and_is_in_order()
    {
        Assert.Contains("is made, of version 2", await JournalCare.Init(Home, null, default), StringComparison.Ordinal);
        Assert.Contains("nothing was changed", await JournalCare.Init(Home, null, default), StringComparison.Ordinal);

        var report = await JournalCare.Check(Home, null, default);

        Assert.Empty(report.Problems);
        Assert.Equal((2, 0L, 0), (report.Version, report.Events, report.Streams));
    }

    [Fact]
    public async Task A_home_without_a_journal_is_told_how_to_make_one_and_none_is_made_by_looking()
    {
        Assert.Contains("journal init", Assert.Single((await JournalCare.Check(Home, null, default)).Problems), StringComparison.Ordinal);
        Assert.Contains("journal init", (await Assert.ThrowsAsync<UserError>(() => JournalCare.Migrate(Home, null, default))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Home.JournalFile));
    }

    [Fact]
    public async Task An_older_journal_is_refused_then_copied_and_migrated_and_its_sweep_goes_on()
    {
        await BeginSweep();
        Age();
        Assert.Contains("memcluster journal migrate", (await Assert.ThrowsAsync<UserError>(Start)).Message, StringComparison.Ordinal);
        Assert.Contains("memcluster journal migrate", Assert.Single((await JournalCare.Check(Home, null, default)).Problems), StringComparison.Ordinal);

        var said = await JournalCare.Migrate(Home, null, default);

        var copy = Path.Combine(Home.Folder, "journal.version-1.db");
        Assert.Contains(copy, said, StringComparison.Ordinal);
        Assert.Equal(["journal_created_idx", "journal_sequence_number_idx", "journal_uq", "snapshot_created_idx", "snapshot_sequence_number_idx"], Indexes(copy));
        Assert.Equal(["journal_uq"], Indexes(Home.JournalFile));
        Assert.Equal(Ask(copy, "SELECT count(*) FROM journal"), Ask(Home.JournalFile, "SELECT count(*) FROM journal"));
        Assert.Empty((await JournalCare.Check(Home, null, default)).Problems);

        await using var node = await Start();
        var status = await node.Operator.Status(new("s"));
        Assert.Equal(4, status!.Summary.Counts.Pending);
        var cancelled = await node.Operator.Control(new("s"), new SweepCommand.Control.CancelSweep());
        Assert.Equal(4, cancelled!.Trials);
    }

    [Fact]
    public async Task A_second_migration_does_not_write_over_the_first_ones_copy()
    {
        await JournalCare.Init(Home, null, default);
        Age();
        await JournalCare.Migrate(Home, null, default);
        Age();
        await JournalCare.Migrate(Home, null, default);

        Assert.Equal(2, Directory.GetFiles(Home.Folder, "journal.version-1*.db").Length);
        Assert.Contains("nothing was changed", await JournalCare.Migrate(Home, null, default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_journal_is_left_alone_by_everybody()
    {
        await JournalCare.Init(Home, null, default);
        Ask(Home.JournalFile, "PRAGMA user_version=3");

        foreach (var act in (Func<Task>[])[Start, () => JournalCare.Init(Home, null, default), () => JournalCare.Migrate(Home, null, default)])
        {
            Assert.Contains("newer memcluster", (await Assert.ThrowsAsync<UserError>(act)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("newer memcluster", Assert.Single((await JournalCare.Check(Home, null, default)).Problems), StringComparison.Ordinal);
        Assert.Equal(3L, Ask(Home.JournalFile, "PRAGMA user_version"));
    }

    [Fact]
    public async Task Nobody_changes_a_journal_that_a_process_works_on_but_it_can_be_looked_at()
    {
        await using var node = await Start();

        Assert.Contains("in use", (await Assert.ThrowsAsync<UserError>(() => JournalCare.Migrate(Home, null, default))).Message, StringComparison.Ordinal);
        Assert.Empty((await JournalCare.Check(Home, null, default)).Problems);
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'sweep-s' AND sequence_number = 1", "Events are missing in sweep-s")]
    [InlineData("UPDATE journal SET sequence_number = 7 WHERE persistence_id = 'sweep-s'", "Events are missing in sweep-s")]
    [InlineData("UPDATE journal SET manifest = 'sweep-submitted:9' WHERE persistence_id = 'sweep-s'", "'sweep-submitted:9', which this program does not know")]
    [InlineData("UPDATE journal SET identifier = 1 WHERE persistence_id = 'sweep-s'", "MemCluster did not write")]
    [InlineData("DROP INDEX journal_uq", "unique key")]
    public async Task What_is_wrong_with_it_is_said(string harm, string sentence)
    {
        await BeginSweep();
        Ask(Home.JournalFile, "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier) "
            + "SELECT created, deleted, persistence_id, 2, message, manifest, identifier FROM journal WHERE persistence_id = 'sweep-s'");
        if (harm.Contains("= 7", StringComparison.Ordinal))
        {
            harm += " AND sequence_number = 2";
        }

        Ask(Home.JournalFile, harm);

        Assert.Contains((await JournalCare.Check(Home, null, default)).Problems, problem => problem.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Damaged_pages_are_found()
    {
        await BeginSweep();
        Ask(Home.JournalFile, "PRAGMA wal_checkpoint(TRUNCATE)");
        SqliteConnection.ClearAllPools();
        using (var file = File.Open(Home.JournalFile, FileMode.Open))
        {
            file.Position = 4096 * 2;
            file.Write(Enumerable.Repeat((byte)0xAB, 4096).ToArray());
        }

        Assert.Contains((await JournalCare.Check(Home, null, default)).Problems, problem => problem.Contains("damaged", StringComparison.Ordinal));
    }

    /// <summary>As Akka.Persistence.Sql made it for the first versions of this program: no mark, more indexes.</summary>
    private void Age() => Ask(Home.JournalFile, """
        CREATE INDEX journal_created_idx ON journal (created);
        CREATE INDEX journal_sequence_number_idx ON journal (sequence_number);
        CREATE INDEX snapshot_sequence_number_idx ON snapshot (sequence_number);
        CREATE INDEX snapshot_created_idx ON snapshot (created);
        PRAGMA user_version=0;
        """);

    private async Task BeginSweep()
    {
        await using var node = await Start();
        await node.Operator.Submit(new(Story.Spec.Canonical, false));
    }

    private Task<CoordinatorNode> Start() => CoordinatorNode.Start(
        new CoordinatorOptions { Home = Home, Node = new NodeOptions { Profiles = ["coordinator"], Overrides = Akka.Configuration.ConfigurationFactory.ParseString("akka.loglevel = OFF") } },
        CancellationToken.None);

    private static string[] Indexes(string file) =>
        [.. ((string)Ask(file, "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name)")!).Split(',')];

    private static object? Ask(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
