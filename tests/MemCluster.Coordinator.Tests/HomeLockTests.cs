using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

public sealed class HomeLockTests : IDisposable
{
    private readonly TemporaryHome _temporary = new();

    private Home Home => _temporary.Home;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_second_taker_is_refused_with_a_sentence_that_names_the_process_and_what_to_do()
    {
        using var held = HomeLock.Take(Home);
        held.Announce(new(4711, "127.0.0.1:4080", "127.0.0.1:4053"));

        var problem = Assert.Throws<UserError>(() => HomeLock.Take(Home));

        Assert.Contains(Home.Folder, problem.Message, StringComparison.Ordinal);
        Assert.Contains("process 4711", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--home", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_that_was_given_back_can_be_taken_again()
    {
        HomeLock.Take(Home).Dispose();
        using var again = HomeLock.Take(Home);

        Assert.Null(HomeLock.Running(Home));
    }

    [Fact]
    public void What_a_dead_process_announced_is_gone_when_the_next_takes_the_home()
    {
        File.WriteAllText(Home.RunningFile, """{"processId":1,"api":"127.0.0.1:1","cluster":"127.0.0.1:2"}""");
        Assert.NotNull(HomeLock.Running(Home));

        using var held = HomeLock.Take(Home);

        Assert.Null(HomeLock.Running(Home));
    }

    [Fact]
    public void A_folder_that_cannot_be_is_refused_with_a_sentence()
    {
        var file = Path.Combine(Home.Folder, "file");
        File.WriteAllText(file, "");

        var problem = Assert.Throws<UserError>(() => HomeLock.Take(new(Path.Combine(file, "home"))));

        Assert.Contains("can't be used", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--home", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_home_that_can_be_locked_but_not_written_in_is_not_said_to_be_in_use()
    {
        Directory.CreateDirectory(Path.Combine(Home.Folder, $"probe-{Environment.ProcessId}"));

        var problem = Assert.Throws<UserError>(() => HomeLock.Take(Home));
        Assert.Contains("can't be used", problem.Message, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(Home.Folder, $"probe-{Environment.ProcessId}"));
        HomeLock.Take(Home).Dispose();
    }

    [Fact]
    public async Task A_home_that_is_not_there_is_named()
    {
        var problem = await Assert.ThrowsAsync<UserError>(() => HomeAccess.Open(new(Path.Combine(Home.Folder, "none")), null, CancellationToken.None));

        Assert.Contains("none", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_that_is_no_database_is_refused_with_a_sentence()
    {
        File.WriteAllText(Home.JournalFile, new string('x', 5000));

        var problem = Assert.Throws<UserError>(() => SqliteJournal.Prepare(Home.JournalFile));

        Assert.Contains(Home.JournalFile, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_journal_is_written_ahead_and_every_commit_is_on_disk()
    {
        SqliteJournal.Prepare(Home.JournalFile);
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Home.JournalFile};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();

        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
        command.CommandText = "PRAGMA synchronous";
        Assert.Equal(2L, command.ExecuteScalar());
    }
}
