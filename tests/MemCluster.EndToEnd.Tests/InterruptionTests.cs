using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

public sealed class InterruptionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_killed_run_goes_on_where_it_was_and_ends_with_the_same_bytes()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        var first = here.Start("run", "small.yaml", "--slots", "2");
        await first.HasFinished(3);
        await Task.Delay(200); // Both slots may have become free at once; a moment later they are at work again.
        first.Send(Signal.Kill);
        Assert.Equal(137, (await first.Ends()).Code);

        var second = await here.Fine("run", "small.yaml", "--slots", "2");

        Assert.Matches(@"Continuing small: \d+ of 12 done, \d+ were interrupted", second.Output);
        await AssertSameAndTold(here.Results("small"), "lost");
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 130)]
    public async Task A_trainer_that_is_stopped_while_it_still_looks_for_its_cluster_ends_without_complaint(bool byCtrlC, int code)
    {
        using var here = new Workplace();
        var trainer = here.Start("trainer", "--join", "127.0.0.1:1");
        await trainer.Says("joins 127.0.0.1:1");

        trainer.Send(byCtrlC ? Signal.CtrlC : Signal.Terminate);
        var ended = await trainer.Ends();

        Assert.Equal(code, ended.Code);
        Assert.Equal("", ended.Error);
        Assert.Contains("Stopped before it had joined.", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trials_of_a_killed_trainer_go_to_the_other_within_thirty_seconds()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        using var cluster = await Cluster.Start(here);
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "stays");
        var dies = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "dies");
        await here.Fine("submit", "small.yaml", "--at", cluster.Api);
        // Both are at work, so that there is something to lose.
        await cluster.Reaches("small", counts => counts is { Finished: >= 2, Running: >= 2 });
        while (!(await cluster.Attempts("small")).Any(attempt => attempt is { Trainer: "dies", Ended: "" }))
        {
            await Task.Delay(20);
        }

        var killed = DateTimeOffset.UtcNow;
        dies.Send(Signal.Kill);
        await cluster.Finishes("small");
        await here.Fine("export", "small", "--at", cluster.Api, "--to", here.At("out"));

        var results = Results.In(here.At("out"));
        await AssertSameAndTold(results, "lost");
        var again = results.AttemptRows.Where(row => row["attempt"] == "2").ToArray();
        Assert.NotEmpty(again);
        Assert.All(again, row => Assert.Equal("stays", row["trainer"]));
        var after = again.Max(row => row.Time("assigned")) - killed;
        output.WriteLine($"assigned again {after.TotalSeconds:0.0} s after the kill");
        Assert.InRange(after.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task A_trainer_stopped_with_Ctrl_C_gives_its_trials_back_at_once()
    {
        using var here = new Workplace();
        here.Write("naps.yaml", Naps.Of(6, seconds: 4));
        using var cluster = await Cluster.Start(here);
        var leaves = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "leaves");
        await here.Fine("submit", "naps.yaml", "--at", cluster.Api);
        await cluster.Reaches("naps", counts => counts.Running > 0);
        leaves.Send(Signal.CtrlC);
        Assert.Equal(130, (await leaves.Ends()).Code);

        // Nobody waits for a lease to run out: whatever it had is free by the time it is gone.
        Assert.Equal(0, (await cluster.Counts("naps")).Running);
        here.Start("trainer", "--join", cluster.Address, "--slots", "6", "--name", "comes");
        await cluster.Finishes("naps");
        var given = (await cluster.Attempts("naps")).Where(attempt => attempt.Trainer == "leaves" && attempt.Ended != "finished").ToArray();
        Assert.NotEmpty(given);
        Assert.All(given, attempt => Assert.Contains("leaves was stopped", attempt.Ended, StringComparison.Ordinal));
    }

    internal static async Task AssertSameAndTold(Results results, string how)
    {
        results.AssertSameScience((await SmallSweep.Reference).Results);
        var lost = results.AttemptRows.Where(row => row["how"].StartsWith(how, StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lost);
        Assert.All(lost, row => Assert.Contains(results.AttemptRows, later =>
            later["trial"] == row["trial"] && later.Number("attempt") > row.Number("attempt") && later["how"] == "finished"));
        Assert.Equal(SmallSweep.Trials, results.AttemptRows.Count(row => row["how"] == "finished"));
    }
}
