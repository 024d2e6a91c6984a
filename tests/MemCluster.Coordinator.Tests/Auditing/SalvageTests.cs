using MemCluster.Coordinator.Auditing;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

/// <summary>What is proved stays, the rest is trained again, and what was there is kept.</summary>
public sealed class SalvageTests
{
    private const int Trials = 10;

    [Fact]
    public async Task A_journal_in_order_is_left_alone()
    {
        using var home = WrittenHome.With(Trials, 6);
        var report = await Salvage.Run(home.Home, null, default);

        Assert.Null(report.SetAside);
        Assert.Empty(Directory.GetFiles(home.Home.Folder, "journal.unreadable*"));
    }

    [Theory]
    [InlineData("UPDATE journal SET message = zeroblob(10) WHERE persistence_id = 'metrics-s-0' AND sequence_number = 4", 1)]
    [InlineData("UPDATE journal SET manifest = 'x' WHERE persistence_id = 'sweep-s' AND sequence_number = 8", 1)]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number > 15", 3)]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'coordinator'", 0)]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'metrics-s-0'", Trials)]
    public async Task Trials_whose_events_are_damaged_are_pending_again_and_all_others_stay(string sql, int atLeast)
    {
        using var home = WrittenHome.With(Trials, 6);
        home.Do(sql);

        var report = await Salvage.Run(home.Home, null, default);

        var sweep = Assert.Single(report.Sweeps);
        Assert.InRange(sweep.Again, atLeast, atLeast + 1);
        Assert.Equal(Trials - sweep.Again, sweep.Kept);
        Assert.True(File.Exists(report.SetAside));
        var again = await JournalAudit.Run(home.Home, null, null, null, default);
        Assert.Empty(again.Findings);
        Assert.Equal((sweep.Kept, sweep.Again), (Assert.Single(again.Sweeps).Whole, again.Sweeps[0].Counts.Pending));
    }

    [Fact]
    public async Task A_file_that_is_cut_off_keeps_what_is_on_its_first_pages()
    {
        using var home = WrittenHome.With(40, 6);
        home.Settle();
        using (var file = new FileStream(home.Home.JournalFile, FileMode.Open))
        {
            file.SetLength(file.Length * 2 / 3);
        }

        var before = await JournalAudit.Run(home.Home, null, null, null, default);
        var report = await Salvage.Run(home.Home, null, default);

        Assert.NotEmpty(before.Findings);
        Assert.InRange(Assert.Single(report.Sweeps).Kept, 5, 39);
        Assert.Empty((await JournalAudit.Run(home.Home, null, null, null, default)).Findings);
    }

    [Fact]
    public async Task A_sweep_whose_begin_is_lost_is_named_and_hinders_nobody()
    {
        using var home = WrittenHome.With(Trials, 6);
        home.Do("UPDATE journal SET message = zeroblob(10) WHERE persistence_id = 'sweep-s' AND sequence_number = 1");

        var report = await Salvage.Run(home.Home, null, default);

        Assert.Equal([WrittenHome.Sweep], report.Lost);
        Assert.Empty((await JournalAudit.Run(home.Home, null, null, null, default)).Sweeps);
    }

    [Fact]
    public async Task Nobody_salvages_what_another_works_on()
    {
        using var home = WrittenHome.With(Trials, 6);
        using var held = HomeLock.Take(home.Home);

        Assert.Contains("is in use", (await Assert.ThrowsAsync<UserError>(() => Salvage.Run(home.Home, null, default))).Message, StringComparison.Ordinal);
    }
}
