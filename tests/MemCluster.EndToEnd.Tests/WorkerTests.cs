namespace MemCluster.EndToEnd.Tests;

/// <summary>The processes that a run and a trainer train in, seen from outside.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task A_run_trains_in_a_process_for_each_slot_and_loads_no_tensor_library_itself()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        var run = here.Start("run", "small.yaml", "--slots", "2");
        await run.HasFinished(3);
        var workers = Workers.Of(run.Id);

        Assert.InRange(workers.Count, 1, 2);
        Assert.DoesNotContain("libtorch", File.ReadAllText($"/proc/{run.Id}/maps"), StringComparison.Ordinal);
        Assert.All(workers, worker => Assert.Contains("libtorch_cpu", File.ReadAllText($"/proc/{worker}/maps"), StringComparison.Ordinal));
        Assert.All(workers, worker => Assert.True(Workers.TakenFirst(worker) > Workers.TakenFirst(run.Id)));

        // As a terminal does, and a service manager: what becomes of the trials is the run's to say.
        foreach (var worker in workers)
        {
            Signals.Send(worker, Signal.CtrlC);
            Signals.Send(worker, Signal.Terminate);
        }

        Assert.Equal(0, (await run.Ends()).Code);
        Assert.DoesNotContain("has ended, and another", here.Log(), StringComparison.Ordinal);
        Assert.Empty(Workers.Of(run.Id));
        here.Results("small").AssertSameScience((await SmallSweep.Reference).Results);
    }

    [Fact]
    public async Task A_worker_that_is_killed_costs_the_run_nothing_but_that_attempt()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        var run = here.Start("run", "small.yaml", "--slots", "1");
        await run.HasFinished(2);
        var worker = Assert.Single(Workers.Of(run.Id));
        Signals.Send(worker, Signal.Kill);
        var ended = await run.Ends();

        Assert.Equal(0, ended.Code);
        here.Results("small").AssertSameScience((await SmallSweep.Reference).Results);
        Assert.Contains($"Worker process {worker} has ended, and another takes its place: its process ended with SIGKILL (signal 9)", here.Log(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_that_hangs_or_takes_too_much_memory_has_failed_with_the_reason_and_the_others_finish()
    {
        using var here = new Workplace();
        here.Write("small.yaml", SmallSweep.Text + "\nlimits: { idle: 5s }\nretries: 0\n");
        var run = here.Start("run", "small.yaml", "--slots", "1");
        await run.HasFinished(2);
        var worker = Assert.Single(Workers.Of(run.Id));
        Signals.Send(worker, Signal.Stop);
        var ended = await run.Ends();

        Assert.Equal(1, ended.Code);
        Assert.Single(here.Results("small").AttemptRows, row => row["how"] != "finished");
        Assert.Equal(SmallSweep.Trials - 1, here.Results("small").TrialRows.Count(row => row["state"] == "finished"));
        Assert.Contains("; in this sweep one may take 5s", here.Log(), StringComparison.Ordinal);
        Assert.False(Workers.IsAlive(worker));

        var large = await here.Run("run", "small.yaml", "--set", "sweep=large", "--set", "limits.memory=1MiB", "--set", "training.epochs=1000000", "--set", "seeds=1", "--set", "axes.noise=[none]", "--set", "axes.rate=[0.05]");

        Assert.Equal(1, large.Code);
        Assert.Contains("and a trial of this sweep may take 1 MiB: raise limits.memory", here.Log(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_run_leaves_no_worker_behind_not_even_one_that_hangs(bool hangs)
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        var run = here.Start("run", "small.yaml", "--slots", "2");
        await run.HasFinished(2);
        var workers = Workers.Of(run.Id);
        Assert.NotEmpty(workers);
        if (hangs)
        {
            Signals.Send(workers[0], Signal.Stop);
        }

        run.Send(Signal.Kill);
        await run.Ends();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (workers.Any(Workers.IsAlive) && clock.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(20);
        }

        Assert.DoesNotContain(workers, Workers.IsAlive);
    }

    [Fact]
    public async Task The_verb_of_workers_is_nobody_elses_and_is_shown_nowhere()
    {
        using var here = new Workplace();
        foreach (var program in new[] { Executables.Memcluster, Executables.Trainer })
        {
            var ended = await here.StartProgram(program, "trial-worker", "1").Ends();

            Assert.Equal((2, ""), (ended.Code, ended.Output));
            Assert.Contains("is how a trainer starts the processes that train for it", ended.Error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("trial-worker", (await here.Fine("--help")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("trial-worker", (await here.StartProgram(Executables.Memcluster, "completion", "bash").Ends()).Output, StringComparison.Ordinal);
    }
}
