using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class ManyTrialsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ten_thousand_trials_take_a_minute_at_most_and_their_home_answers_in_two_seconds()
    {
        using var here = new Workplace();
        here.Write("naps.yaml", """
            sweep: naps
            network: sleep 0
            training: { epochs: 1 }
            axes:
              noise: [none, label 0.1, label 0.2, label 0.3, label 0.4, label 0.5, label 0.6, label 0.7, label 0.8, label 0.9]
              capacity: [8, 16, 24, 32, 48, 64, 96, 128, 192, 256]
            seeds: 100
            """);

        var run = here.Start("run", "naps.yaml", "--slots", "2");
        var ended = await run.Ends(TimeSpan.FromMinutes(10));
        output.WriteLine($"10,000 trials: {ended.After.TotalSeconds:0.0} s, {run.PeakMemory / 1e6:0} MB");
        Assert.True(ended.Code == 0, ended.Error + here.Log());
        Assert.Equal(10_000, here.Results("naps").TrialRows.Count(row => row["state"] == "finished"));

        // The journal is taken up by a process that starts on it, and asked while it does.
        var cold = await here.Fine("status");
        output.WriteLine($"status of the home at rest: {cold.After.TotalSeconds:0.00} s");
        var coordinator = here.Start("coordinator", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var cluster = await Cluster.Of(coordinator);
        var counts = await cluster.Finishes("naps");
        output.WriteLine($"status of a coordinator started on it: {clock.Elapsed.TotalSeconds:0.00} s");

        Assert.Equal(10_000, counts.Finished);
        Assert.Matches(@"(?m)^naps +finished +10,000/10,000", cold.Output);
        Assert.InRange(ended.After.TotalSeconds, 0, 60);
        Assert.InRange(cold.After.TotalSeconds, 0, 2);
    }
}
