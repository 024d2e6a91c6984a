using System.Diagnostics;
using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class CoordinatorRestartTests(ITestOutputHelper output)
{
    private static readonly string Spec = SmallSweep.Text.Replace("epochs: 60", "epochs: 400", StringComparison.Ordinal);

    [Fact]
    public async Task Trainers_go_on_with_a_coordinator_that_was_killed_and_started_again()
    {
        using var undisturbed = new Workplace();
        undisturbed.Write("small.yaml", Spec);
        await undisturbed.Fine("run", "small.yaml", "--slots", "2");
        using var here = new Workplace();
        here.Write("small.yaml", Spec);
        using var first = await Cluster.Start(here);
        string[] names = ["left", "right"];
        var trainers = names.Select(name => here.Start("trainer", "--join", first.Address, "--slots", "1", "--name", name)).ToArray();
        await here.Fine("submit", "small.yaml", "--at", first.Api);
        await first.Reaches("small", counts => counts is { Finished: >= 2, Running: >= 2 });
        first.Coordinator.Send(Signal.Kill);
        await first.Coordinator.Ends();

        var clock = Stopwatch.StartNew();
        using var second = await Cluster.Start(here, first);
        output.WriteLine($"the API answers again after {clock.Elapsed.TotalSeconds:0.0} s");
        foreach (var name in names)
        {
            while (!(await second.Http.GetStringAsync(second.Url("/api/v1/sweeps/small"))).Contains($"\"trainer\":\"{name}\",\"state\":\"connected\"", StringComparison.Ordinal))
            {
                Assert.True(clock.Elapsed < Workplace.Patience, $"{name} did not come back.\n{here.Log()}");
                await Task.Delay(100);
            }

            output.WriteLine($"{name} is back after {clock.Elapsed.TotalSeconds:0.0} s");
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
        await second.Finishes("small");
        Assert.All(trainers, trainer => Assert.False(trainer.HasEnded));
        await here.Fine("export", "small", "--at", second.Api, "--to", here.At("out"));
        var results = Results.In(here.At("out"));
        results.AssertSameScience(undisturbed.Results("small"));
        output.WriteLine(string.Join('\n', results.AttemptRows.Where(row => row["how"] != "finished").Select(row => $"trial {row["trial"]} {row["trainer"]}: {row["how"]}")));
    }
}
