using System.Diagnostics;
using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A thousand short trials while something is killed every two seconds: nothing missing, nothing twice, no other byte, and it gets on all the time.</summary>
[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class EveryTwoSecondsTests(ITestOutputHelper output)
{
    private const int Trials = 1000;
    private const string Sweep = "thousand";

    /// <summary>An undisturbed run may take this many times less.</summary>
    private const double MostTimes = 4;

    private static readonly string Spec = $$"""
        sweep: {{Sweep}}
        data: { name: glyphs, train: 500, validation: 200 }
        network: { kind: mlp, depth: 1 }
        training: { epochs: 3, batch: 32, momentum: 0.9 }
        axes:
          noise: [none, label 0.4]
          capacity: [16, 32]
        seeds: {{Trials / 4}}
        """;

    private static readonly string[] Names = ["left", "middle", "right"];

    [Fact]
    public async Task A_cluster_of_which_one_process_is_killed_every_two_seconds_ends_as_undisturbed()
    {
        var (undisturbed, whole) = await Undisturbed();
        using var here = new Workplace();
        here.Write("thousand.yaml", Spec);
        using var cluster = await Cluster.Start(here);
        var coordinator = cluster.Coordinator;
        var trainers = Names.Select(name => Trainer(here, cluster, name)).ToArray();
        await here.Fine("submit", "thousand.yaml", "--at", cluster.Api);

        var (chance, clock, kills, seen) = (new Random(20), Stopwatch.StartNew(), 0, new List<(TimeSpan At, int Finished)>());
        while (await Finished(cluster) is var finished && finished < Trials)
        {
            Assert.True(clock.Elapsed < whole * 20, $"{finished} of {Trials} after {clock.Elapsed.TotalSeconds:0} s and {kills} kills\n{here.Log()}");
            seen.Add((clock.Elapsed, Math.Max(finished, seen.Count > 0 ? seen[^1].Finished : 0)));
            await Task.Delay(2000);
            var victim = chance.Next(Names.Length + 1);
            if (victim == Names.Length)
            {
                coordinator = await Again(coordinator, () => here.Start("coordinator", "--listen", cluster.Address, "--http", cluster.Api));
            }
            else
            {
                trainers[victim] = await Again(trainers[victim], () => Trainer(here, cluster, Names[victim]));
            }

            kills++;
        }

        var took = clock.Elapsed;
        output.WriteLine($"undisturbed {whole.TotalSeconds:0.0} s; with {kills} kills {took.TotalSeconds:0.0} s: {took / whole:0.00} times");
        output.WriteLine(string.Join("; ", seen.Where((_, index) => index % 5 == 0).Select(entry => $"{entry.At.TotalSeconds:0} s: {entry.Finished}")));
        await here.Fine("export", Sweep, "--at", cluster.Api, "--to", here.At("out"));
        AssertWhole(Results.In(here.At("out")), undisturbed);
        Assert.True(took <= MostTimes * whole, $"{took / whole:0.00} times the undisturbed run");
    }

    [Fact]
    public async Task A_run_that_is_killed_every_three_seconds_ends_as_undisturbed()
    {
        using var first = new Workplace();
        var whole = Stopwatch.StartNew();
        await first.Fine("run", first.Write("thousand.yaml", Spec), "--slots", "2");
        var undisturbed = whole.Elapsed;
        using var here = new Workplace();
        here.Write("thousand.yaml", Spec);
        var (clock, kills) = (Stopwatch.StartNew(), 0);
        while (true)
        {
            var run = here.Start("run", "thousand.yaml", "--slots", "2");
            var ended = run.Ends();
            if (await Task.WhenAny(ended, Task.Delay(3000)) == ended)
            {
                Assert.Equal(0, (await ended).Code);
                break;
            }

            run.Send(Signal.Kill);
            await ended;
            kills++;
            Assert.True(clock.Elapsed < undisturbed * 40, $"not over after {kills} kills\n{here.Log()}");
        }

        output.WriteLine($"undisturbed {undisturbed.TotalSeconds:0.0} s; with {kills} kills {clock.Elapsed.TotalSeconds:0.0} s: {clock.Elapsed / undisturbed:0.00} times");
        AssertWhole(here.Results(Sweep), first.Results(Sweep));
    }

    private static async Task<(Results Results, TimeSpan Took)> Undisturbed()
    {
        using var here = new Workplace();
        here.Write("thousand.yaml", Spec);
        using var cluster = await Cluster.Start(here);
        foreach (var name in Names)
        {
            Trainer(here, cluster, name);
        }

        var clock = Stopwatch.StartNew();
        await here.Fine("submit", "thousand.yaml", "--at", cluster.Api);
        await cluster.Finishes(Sweep, TimeSpan.FromMinutes(20));
        var took = clock.Elapsed;
        await here.Fine("export", Sweep, "--at", cluster.Api, "--to", here.At("out"));
        return (Results.In(here.At("out")), took);
    }

    private static void AssertWhole(Results results, Results undisturbed)
    {
        results.AssertSameScience(undisturbed);
        var ends = results.AttemptRows.Where(row => row["how"] == "finished").Select(row => row["trial"]).ToArray();
        Assert.Equal(Trials, ends.Length);
        Assert.Equal(Trials, ends.Distinct().Count());
    }

    private static RunningProgram Trainer(Workplace here, Cluster cluster, string name) =>
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", name);

    private static async Task<RunningProgram> Again(RunningProgram killed, Func<RunningProgram> start)
    {
        killed.Send(Signal.Kill);
        await killed.Ends();
        return start();
    }

    /// <returns>−1 while nobody answers.</returns>
    private static async Task<int> Finished(Cluster cluster)
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            var text = await cluster.Http.GetStringAsync(cluster.Url($"/api/v1/sweeps/{Sweep}"), soon.Token);
            using var status = System.Text.Json.JsonDocument.Parse(text);
            return status.RootElement.GetProperty("summary").GetProperty("counts").GetProperty("finished").GetInt32();
        }
        catch (Exception nobody) when (nobody is HttpRequestException or OperationCanceledException)
        {
            return -1;
        }
    }
}
