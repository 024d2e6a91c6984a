namespace MemCluster.EndToEnd.Tests;

public sealed class HomeTests
{
    [Fact]
    public async Task A_second_writer_is_refused_and_reading_works_beside_the_first()
    {
        using var here = new Workplace();
        here.Write("naps.yaml", Naps.Of(400, seconds: 0.5));
        var writer = here.Start("run", "naps.yaml", "--slots", "2");
        await writer.HasFinished(2);

        foreach (var second in (string[][])[["run", "naps.yaml"], ["resume", "naps"], ["coordinator", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]])
        {
            var refused = await here.Run(second);
            Assert.True(refused.Code == 2, refused.All);
            Assert.Contains($"is in use by process {writer.Id}", refused.Error, StringComparison.Ordinal);
            Assert.Contains("Wait for it or stop it, or use another --home", refused.Error, StringComparison.Ordinal);
            Sentences.AssertForPeople(refused.Error);
        }

        Assert.Matches(@"(?m)^naps +running +\d+/400", (await here.Fine("status")).Output);
        Assert.Matches(@"(?m)^naps +running +\d+/400", (await here.Fine("list")).Output);
        Assert.Contains("finished", (await here.Fine("trials", "naps")).Output, StringComparison.Ordinal);
        await here.Fine("export", "naps", "--to", "out");
        var exported = Results.In(here.At("out"));
        Assert.Equal(400, exported.TrialRows.Count);
        Assert.Contains(exported.TrialRows, row => row["state"] == "finished");
        Assert.Contains(exported.TrialRows, row => row["state"] == "pending");
        Assert.False(writer.HasEnded);
        writer.Send(Signal.CtrlC);
        Assert.Equal(130, (await writer.Ends()).Code);
    }

    [Fact]
    public async Task A_journal_that_is_deleted_under_a_sweep_ends_it_with_2_and_the_reason_and_keeps_the_results_so_far()
    {
        using var here = new Workplace();
        here.Write("naps.yaml", Naps.Of(400, seconds: 0.5));
        var writer = here.Start("run", "naps.yaml", "--slots", "2");
        await writer.HasFinished(2);
        Array.ForEach(Directory.GetFiles(here.Home, "journal.db*"), File.Delete);

        var ended = await writer.Ends();

        Assert.True(ended.Code == 2, ended.All);
        Assert.StartsWith($"The journal {here.At("home/journal.db")} was deleted, moved or replaced while this process was at work on it.", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("400 trials: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains($"fatal {ended.Error.TrimEnd()}", here.Log(), StringComparison.Ordinal);
        Assert.Contains(here.Results("naps").TrialRows, row => row["state"] == "finished");
    }

    [Fact]
    public async Task Help_shows_commands_to_copy_and_the_version_names_the_numerics()
    {
        using var here = new Workplace();

        Assert.Contains("memcluster run specs/first-look.yaml", (await here.Fine("--help")).Output, StringComparison.Ordinal);
        Assert.Matches(@"^memcluster \d+\.\d+\.\d+ \(.*[Tt]orch", (await here.Fine("--version")).Output);
    }
}
