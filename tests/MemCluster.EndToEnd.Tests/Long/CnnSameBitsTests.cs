using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// A sweep of convolutional networks with the measures that differentiate them twice ends in the same bytes however it was run. Kernels that read
/// memory which nobody wrote show here: by what lay there before, which changes with load, with kills and with poison.
/// </summary>
[Trait("Category", "Chaos")]
public sealed class CnnSameBitsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly Lazy<Task<IReadOnlyList<ScienceFiles>>> Undisturbed = new(Alone);

    [Fact]
    public async Task Every_trial_finishes_and_no_value_is_missing()
    {
        var (plain, adversarial) = await Undisturbed.Value is [var one, var other] ? (one, other) : throw new InvalidOperationException();

        Assert.Equal(CnnSweep.Trials, plain.Results.TrialRows.Count + adversarial.Results.TrialRows.Count);
        plain.AssertComplete(CnnSweep.MayBeEmpty, [.. CnnSweep.Measures, .. CnnSweep.MeasuresThroughTraining]);
        adversarial.AssertComplete(CnnSweep.MayBeEmpty, CnnSweep.Measures);
    }

    [Theory]
    [InlineData("1", false)]
    [InlineData("2", false)]
    [InlineData("1", true)]
    [InlineData("2", true)]
    public async Task Again_and_on_any_number_of_slots_and_in_poisoned_memory_it_gives_the_same_bytes(string slots, bool poisoned)
    {
        using var here = Place(poisoned);

        await Fine(here.Start([.. CnnSweep.WriteTo(here), "--slots", slots]));

        await AssertSame(here);
    }

    [Fact]
    public async Task Two_at_once_give_the_same_bytes()
    {
        using var left = Place();
        using var right = Place();
        var beside = right.Start([.. CnnSweep.WriteTo(right), "--slots", "2"]);

        await Fine(left.Start([.. CnnSweep.WriteTo(left), "--slots", "2"]));
        await Fine(beside);

        await AssertSame(left);
        await AssertSame(right);
    }

    /// <summary>At the moment one trial has finished, the one on the other slot is somewhere in the middle.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_again_and_again_and_resumed_it_gives_the_same_bytes(bool poisoned)
    {
        using var here = Place(poisoned);
        string[] run = [.. CnnSweep.WriteTo(here), "--slots", "2"];
        const int Kills = 5;
        for (var kill = 1; kill <= Kills; kill++)
        {
            var program = here.Start(run);
            await program.HasFinished(1);
            program.Send(Signal.Kill);
            Assert.Equal(137, (await program.Ends()).Code);
        }

        await Fine(here.Start(run));

        var lost = CnnSweep.Of(here).SelectMany(files => files.Results.AttemptRows).Count(row => row["how"].StartsWith("lost", StringComparison.Ordinal));
        output.WriteLine($"{lost} attempts were lost");
        Assert.InRange(lost, Kills, Kills * 2);
        await AssertSame(here);
    }

    /// <summary>The next attempt goes on in the middle of a trial, from the weights and the state of the optimizer that a dead one kept.</summary>
    [Fact]
    public async Task From_the_checkpoints_of_killed_trainers_others_give_the_same_bytes()
    {
        // Long enough that an epoch ends after the second that lies at least between two checkpoints.
        string[] longer = ["--set", "training.epochs=12", "--set", "axes.multiplier=[1]"];
        using var undisturbed = Place();
        await Fine(undisturbed.Start([.. CnnSweep.WriteTo(undisturbed), .. longer, "--slots", "2"]));
        using var here = Place();
        var specs = CnnSweep.WriteTo(here)[1..];
        using var cluster = await Cluster.Start(here);
        foreach (var spec in specs)
        {
            await here.Fine(["submit", spec, .. longer, "--at", cluster.Api]);
        }

        for (var kill = 1; kill <= 3; kill++)
        {
            var before = LastKept();
            var dies = Trainer($"dies-{kill}");
            await dies.Until(() => LastKept() > before, "keep a trial", Patience);
            dies.Send(Signal.Kill);
            await dies.Ends();
        }

        Trainer("stays");
        foreach (var name in CnnSweep.Names)
        {
            await cluster.Finishes(name, Patience);
            await here.Fine("export", name, "--at", cluster.Api, "--to", here.At(Path.Combine("out", name)));
        }

        var found = CnnSweep.In(here.At("out"));
        var resumed = found.SelectMany(files => files.Results.AttemptRows).Where(row => row["checkpoint"] != "").ToArray();
        output.WriteLine(string.Join('\n', resumed.Select(row => $"trial {row["trial"]} on {row["trainer"]} from checkpoint {row["checkpoint"]}: {row["how"]}")));
        Assert.NotEmpty(resumed);
        AssertSame(CnnSweep.Of(undisturbed), found);

        RunningProgram Trainer(string name) => here.Start(
            "trainer", "--join", cluster.Address, "--slots", "1", "--name", name, "--checkpoints", "kept", "--checkpoint-every", "1");

        DateTime LastKept() => Directory.Exists(here.At("kept"))
            ? Directory.EnumerateFiles(here.At("kept"), "*.checkpoint").Select(File.GetLastWriteTimeUtc).Append(DateTime.MinValue).Max()
            : DateTime.MinValue;
    }

    private static async Task<IReadOnlyList<ScienceFiles>> Alone()
    {
        using var here = Place();
        await Fine(here.Start([.. CnnSweep.WriteTo(here), "--slots", "1"]));
        return CnnSweep.Of(here);
    }

    private static Workplace Place(bool poisoned = false) => new Workplace().With("MEMCLUSTER_POISON", poisoned ? "1" : "");

    private static async Task Fine(RunningProgram program)
    {
        var ended = await program.Ends(Patience);
        Assert.True(ended.Code == 0, ended.All);
    }

    private async Task AssertSame(Workplace here) => AssertSame(await Undisturbed.Value, CnnSweep.Of(here));

    private void AssertSame(IReadOnlyList<ScienceFiles> expected, IReadOnlyList<ScienceFiles> found)
    {
        foreach (var (one, other) in expected.Zip(found))
        {
            other.AssertSame(one);
        }

        output.WriteLine($"{expected.Sum(files => files.Bytes)} bytes are the same");
    }
}
