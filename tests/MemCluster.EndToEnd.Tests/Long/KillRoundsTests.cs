using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class KillRoundsTests(ITestOutputHelper output)
{
    private static readonly string[] Settings =
        ["--set", "axes.regularizer=none", "--set", "seeds=1", "--set", "training.epochs=6", "--slots", "2"];

    /// <summary>The moments are drawn from the seed; which word of which trial they cut is the machine's.</summary>
    [RealMnistFact]
    public async Task Five_kills_at_random_moments_change_no_byte()
    {
        using var undisturbed = new Workplace().WithRealData();
        string[] run = ["run", Executables.Spec("noise-by-capacity.yaml"), .. Settings];
        var whole = (await undisturbed.Fine(run)).After;
        using var here = new Workplace().WithRealData();
        var moments = new Random(1701);

        for (var kill = 1; kill <= 5; kill++)
        {
            var program = here.Start(run);
            // From the very start of the process to some way into the sweep, so that later rounds find work left.
            var moment = whole * moments.NextDouble() * 0.5;
            await Task.Delay(moment);
            if (!program.HasEnded)
            {
                program.Send(Signal.Kill);
            }

            var killed = await program.Ends();
            output.WriteLine($"kill {kill} after {moment.TotalSeconds:0.00} s: {killed.Output.Split('\n')[0]}");
            Assert.True(killed.Code == 137, killed.All);
        }

        var last = await here.Fine(run);
        output.WriteLine($"then: {last.Output.Split('\n')[0]}");
        var results = here.Results("noise-by-capacity");
        results.AssertSameScience(undisturbed.Results("noise-by-capacity"));
        var lost = results.AttemptRows.Where(row => row["how"].StartsWith("lost", StringComparison.Ordinal)).ToArray();
        output.WriteLine($"{lost.Length} attempts were lost");
        Assert.NotEmpty(lost);
        Assert.Equal(15, results.AttemptRows.Count(row => row["how"] == "finished"));
    }
}
