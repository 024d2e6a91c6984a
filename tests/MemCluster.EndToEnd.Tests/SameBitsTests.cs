namespace MemCluster.EndToEnd.Tests;

/// <summary>A trial's numbers depend on its spec alone, so however the trials are spread, the files are the same bytes.</summary>
public sealed class SameBitsTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task Any_number_of_slots_gives_the_same_bytes(string slots)
    {
        using var here = new Workplace();
        await here.Fine("run", SmallSweep.WriteTo(here), "--slots", slots);

        here.Results("small").AssertSameScience((await SmallSweep.Reference).Results);
    }

    [Fact]
    public async Task A_coordinator_and_two_trainer_processes_give_the_same_bytes()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        using var cluster = await Cluster.Start(here);
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "left");
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "right");
        await SubmitAndFinish(here, cluster);
        await here.Fine("export", "small", "--at", cluster.Api, "--to", here.At("out"));

        await AssertSpreadAndSame(Results.In(here.At("out")));
        // And from the home itself, once nobody is at work there.
        cluster.Coordinator.Send(Signal.Terminate);
        Assert.Equal(0, (await cluster.Coordinator.Ends()).Code);
        await here.Fine("export", "small");
        await AssertSpreadAndSame(here.Results("small"));
    }

    [Fact]
    public async Task The_coordinator_and_the_trainer_as_executables_of_their_own_give_the_same_bytes()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        using var cluster = await Cluster.Of(here.StartProgram(
            Executables.Coordinator, "--home", "home", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"));
        string[] names = ["left", "right"];
        var trainers = names.Select(name => here.StartProgram(Executables.Trainer, "--join", cluster.Address, "--slots", "1", "--name", name)).ToArray();
        await SubmitAndFinish(here, cluster);
        await here.Fine("export", "small", "--at", cluster.Api, "--to", here.At("out"));

        await AssertSpreadAndSame(Results.In(here.At("out")));
        foreach (var trainer in trainers)
        {
            trainer.Send(Signal.CtrlC);
            Assert.Equal(130, (await trainer.Ends()).Code);
        }

        cluster.Coordinator.Send(Signal.CtrlC);
        Assert.Equal(130, (await cluster.Coordinator.Ends()).Code);
    }

    /// <summary>The sweep of <see cref="CnnSameBitsTests"/> at its middle size, normalized: alone, and in memory that begins as NaN.</summary>
    [Fact]
    public async Task Convolutions_give_the_same_bytes_in_poisoned_memory_and_no_value_is_missing()
    {
        using var clean = new Workplace().With("MEMCLUSTER_POISON", "");
        using var poisoned = new Workplace().With("MEMCLUSTER_POISON", "1");
        foreach (var (here, slots) in (((Workplace, string)[])[(clean, "1"), (poisoned, "2")]))
        {
            await here.Fine([.. CnnSweep.WriteTo(here), "--set", "axes.multiplier=[0.25]", "--set", "axes.batch-norm=[true]", "--slots", slots]);
        }

        foreach (var (one, other) in CnnSweep.Of(clean).Zip(CnnSweep.Of(poisoned)))
        {
            one.AssertComplete(CnnSweep.MayBeEmpty, CnnSweep.Measures);
            other.AssertSame(one);
        }
    }

    private static async Task SubmitAndFinish(Workplace here, Cluster cluster)
    {
        var submitted = await here.Fine("submit", "small.yaml", "--at", cluster.Api);
        Assert.Contains($"Submitted small: {SmallSweep.Trials} trials", submitted.Output, StringComparison.Ordinal);
        await cluster.Finishes("small");
    }

    private static async Task AssertSpreadAndSame(Results results)
    {
        results.AssertSameScience((await SmallSweep.Reference).Results);
        Assert.Equal(["left", "right"], results.AttemptRows.Select(row => row["trainer"]).Distinct().Order());
    }
}
