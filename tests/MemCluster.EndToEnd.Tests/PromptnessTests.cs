using System.Diagnostics;
using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>How soon a program is gone that is told to go: nothing else runs meanwhile.</summary>
[Collection(Alone.Name)]
public sealed class PromptnessTests(ITestOutputHelper output)
{
    private const string One = """
        sweep: one
        data: { name: glyphs, train: 500, validation: 200 }
        network: { kind: mlp, depth: 1 }
        training: { epochs: 300, batch: 32 }
        """;

    [Fact]
    public async Task Ctrl_C_leaves_within_two_seconds_and_resume_goes_on()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        var run = here.Start("run", "small.yaml", "--slots", "2");
        await run.HasFinished(2);
        var clock = Stopwatch.StartNew();
        run.Send(Signal.CtrlC);
        var ended = await run.Ends();
        var took = clock.Elapsed;
        output.WriteLine($"left {took.TotalSeconds:0.00} s after Ctrl-C");

        Assert.Equal(130, ended.Code);
        Assert.Equal("", ended.Error);
        Assert.Contains("Stopped. Continue with: memcluster resume small --home home", ended.Output, StringComparison.Ordinal);
        // It writes the results only if that takes no longer than a moment, which a busy machine may not have; the journal holds them in any case.
        await here.Fine("export", "small");
        Assert.Contains("pending", here.Results("small").Trials, StringComparison.Ordinal);

        var resumed = await here.Fine("resume", "small", "--slots", "2");

        Assert.Matches(@"Continuing small: \d+ of 12 done", resumed.Output);
        await InterruptionTests.AssertSameAndTold(here.Results("small"), "handed back");
        var again = await here.Fine("run", "small.yaml");
        Assert.Contains("finished already", again.Output, StringComparison.Ordinal);
        Assert.InRange(took, TimeSpan.Zero, Limit(again));
    }

    [Trait("Category", "Chaos")]
    [Fact]
    public async Task Ctrl_C_ends_a_replay_within_two_seconds_and_without_complaint()
    {
        using var here = new Workplace();
        here.Write("one.yaml", One);
        await here.Fine("run", "one.yaml", "--set", "training.epochs=20");
        await here.Fine("run", "one.yaml", "--set", "sweep=long", "--set", "data.train=1000");
        var slowest = TimeSpan.Zero;

        // Libtorch is being loaded, or at work.
        foreach (var after in new[] { 400, 800, 1500 })
        {
            var replay = here.Start("replay", "long", "1");
            await Task.Delay(after);
            Assert.False(replay.HasEnded);
            var clock = Stopwatch.StartNew();
            replay.Send(Signal.CtrlC);
            var ended = await replay.Ends();
            output.WriteLine($"left {clock.Elapsed.TotalSeconds:0.00} s after Ctrl-C, {after} ms after its start");
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
            Assert.True(ended is { Code: 130, Output: "", Error: "" }, ended.All);
        }

        var again = await here.Fine("replay", "one", "1");
        Assert.Equal("trial 1 of one, attempt 1: 20 epochs trained again, every weight and number the same", again.Output.Trim());
        Assert.InRange(slowest, TimeSpan.Zero, Limit(again));
    }

    [Fact]
    public Task Ctrl_C_while_starting_leaves_nothing_behind_that_hinders() => Starting(300);

    [Trait("Category", "Chaos")]
    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public Task Ctrl_C_at_other_moments_of_starting_leaves_nothing_either(int after) => Starting(after);

    /// <param name="after">Milliseconds after the home is there. Libtorch is being loaded then, or at work; it must not be torn down under a thread that is in it.</param>
    private async Task Starting(int after)
    {
        using var here = new Workplace();
        here.Write("one.yaml", One);
        var run = here.Start("run", "one.yaml");
        while (!Directory.Exists(here.Home) && !run.HasEnded)
        {
            await Task.Delay(1);
        }

        await Task.Delay(after);
        var clock = Stopwatch.StartNew();
        run.Send(Signal.CtrlC);
        var ended = await run.Ends();
        var took = clock.Elapsed;

        output.WriteLine($"left {took.TotalSeconds:0.00} s after Ctrl-C: {ended.Output.Trim()}");
        Assert.True(ended.Code == 130, ended.All);
        var again = await here.Fine("run", "one.yaml");
        Assert.Contains("1 trial: 1 finished", again.Output, StringComparison.Ordinal);
        Assert.InRange(took, TimeSpan.Zero, Limit(again));
    }

    /// <summary>Two seconds; on a machine so busy that a run with nothing to do takes longer there, as long as that.</summary>
    private static TimeSpan Limit(Ended nothingToDo) => TimeSpan.FromSeconds(Math.Max(2, nothingToDo.After.TotalSeconds));
}
