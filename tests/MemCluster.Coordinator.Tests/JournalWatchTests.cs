using MemCluster.Hosting;
using MemCluster.Tests;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Tests;

/// <summary>A journal that is taken away under the process that writes it.</summary>
public sealed class JournalWatchTests : IDisposable
{
    private static readonly FileIdentity Opened = new(1, 42, 7);
    private static readonly FileIdentity Other = new(1, 43, 7);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryHome _home = new();
    private readonly CollectedLogs _logs = new();

    public void Dispose()
    {
        _home.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public void A_file_is_gone_when_it_is_not_there_or_certainly_another()
    {
        Assert.False(FileIdentity.IsGone(Opened, Opened));
        Assert.True(FileIdentity.IsGone(Opened, null));
        Assert.True(FileIdentity.IsGone(Opened, Other));
        Assert.True(FileIdentity.IsGone(Opened, Opened with { Born = 8 }));
        Assert.True(FileIdentity.IsGone(FileIdentity.Unknown, null));
    }

    [Fact]
    public void Where_it_can_t_be_known_which_file_it_is_nothing_is_said()
    {
        Assert.False(FileIdentity.IsGone(Opened, FileIdentity.Unknown));
        Assert.False(FileIdentity.IsGone(FileIdentity.Unknown, Other));
        Assert.False(FileIdentity.IsGone(null, Other));
    }

    [Fact]
    public void A_file_stays_itself_while_it_grows_and_is_another_when_replaced()
    {
        var file = Path.Combine(_home.Home.Folder, "file");
        Assert.Null(FileIdentity.Of(file));
        Assert.Null(FileIdentity.Of(Path.Combine(file, "below", "nothing")));
        File.WriteAllText(file, "a");
        var first = FileIdentity.Of(file);
        Assert.NotNull(first);
        Assert.NotEqual(FileIdentity.Unknown, first);

        File.AppendAllText(file, "b");
        Assert.Equal(first, FileIdentity.Of(file));
        File.WriteAllText(file + "2", "ab");
        Assert.NotEqual(first, FileIdentity.Of(file + "2"));
        File.Move(file + "2", file, overwrite: true);
        Assert.True(FileIdentity.IsGone(first, FileIdentity.Of(file)));
        File.Delete(file);
        Assert.True(FileIdentity.IsGone(first, FileIdentity.Of(file)));
    }

    [Fact]
    public async Task It_looks_by_itself_and_says_once_what_happened_where_and_what_to_do()
    {
        FileIdentity? there = Opened;
        var clock = new TickingClock();
        await using var watch = new JournalWatch(_home.Home, _ => there, _logs.Factory.CreateLogger("journal"), clock);
        clock.Tick();
        Assert.Null(watch.Look());
        Assert.False(watch.Lost.IsCompleted);

        there = null;
        clock.Tick();

        var sentence = await watch.Lost.WaitAsync(Patience);
        Assert.StartsWith($"The journal {_home.Home.JournalFile} was deleted, moved or replaced while this process was at work on it.", sentence, StringComparison.Ordinal);
        Assert.Contains("Put the file back", sentence, StringComparison.Ordinal);
        there = Opened;
        clock.Tick();
        Assert.Equal(sentence, watch.Look());
        Assert.Equal((LogLevel.Critical, sentence), _logs.Lines.Select(line => (line.Level, line.Message)).Single());
    }

    [Fact]
    public async Task Asked_it_looks_at_once()
    {
        FileIdentity? there = Opened;
        await using var watch = new JournalWatch(_home.Home, _ => there, _logs.Factory.CreateLogger("journal"), new TickingClock());
        there = Other;

        Assert.NotNull(watch.Look());
        Assert.True(watch.Lost.IsCompleted);
    }

    [Fact]
    public async Task A_coordinator_whose_journal_is_deleted_ends_with_2()
    {
        var serving = CoordinatorProgram.Serve(new()
        {
            Home = _home.Home,
            Node = new NodeOptions { Profiles = ["coordinator"], Logs = _logs.Factory },
        });
        for (var tries = 0; HomeLock.Running(_home.Home) is null; tries++)
        {
            Assert.True(tries < 600 && !serving.IsCompleted);
            await Task.Delay(100);
        }

        Array.ForEach(Directory.GetFiles(_home.Home.Folder, "journal.db*"), File.Delete);

        Assert.Equal(2, await serving.WaitAsync(Patience));
        Assert.Contains(_logs.Lines, line => line.Level == LogLevel.Critical && line.Message.StartsWith("The journal ", StringComparison.Ordinal));
    }
}
