namespace MemCluster.EndToEnd.Tests;

/// <summary>A trial's numbers depend on its spec alone, so however the trials are spread, the files are the same bytes.</summary>
public sealed class SameBitsTests
{
    [Trait("Category", "Chaos")]
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task Any_number_of_slots_gives_the_same_bytes(string slots)
    {
        using var here = new Workplace();
        await here.Fine("run", SmallSweep.WriteTo(here), "--slots", slots);

        here.Results("small").AssertSameScience((await SmallSweep.Reference).Results);
    }

    [Trait("Category", "Chaos")]
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

    /// <summary>
    /// Two trials of the sweep that <see cref="CnnSameBitsTests"/> compares byte for byte: whatever a kernel reads that nobody wrote is NaN here, and
    /// what it makes of it is no number.
    /// </summary>
    [Trait("Category", "Chaos")]
    [Fact]
    public async Task Convolutions_in_memory_that_begins_as_NaN_miss_no_value()
    {
        using var here = new Workplace().With("MEMCLUSTER_POISON", "1");
        await here.Fine([.. CnnSweep.WriteTo(here), "--set", "axes.multiplier=[0.25]", "--set", "axes.batch-norm=[true]", "--slots", "2"]);

        foreach (var files in CnnSweep.Of(here))
        {
            files.AssertComplete(CnnSweep.MayBeEmpty, CnnSweep.Measures);
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
