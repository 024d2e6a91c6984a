using System.Diagnostics;
using MemCluster.Tests;
using MemCluster.Tests.Postgres;
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
        Kept[] all =
        [
            new(cluster.Coordinator, () => here.Start("coordinator", "--listen", cluster.Address, "--http", cluster.Api)),
            .. Names.Select(name => Kept.Begin(() => Trainer(here, cluster.Address, name))),
        ];
        await here.Fine("submit", "thousand.yaml", "--at", cluster.Api);

        await KillUntilDone(here, all, [cluster.Api], whole);

        await here.Fine("export", Sweep, "--at", cluster.Api, "--to", here.At("out"));
        AssertWhole(Results.In(here.At("out")), undisturbed);
    }

    [PostgresFact]
    public async Task Three_coordinators_and_three_trainers_of_which_one_is_killed_every_two_seconds_end_as_undisturbed()
    {
        var (undisturbed, whole) = await Undisturbed();
        using var here = new Workplace();
        here.Write("thousand.yaml", Spec);
        var database = PostgresServer.Shared.NewDatabase();
        string[] members = [.. Enumerable.Range(0, 3).Select(_ => $"127.0.0.1:{Ports.Free()}")];
        string[] apis = [.. members.Select(_ => $"127.0.0.1:{Ports.Free()}")];
        var list = string.Join(',', members);
        Kept[] coordinators =
        [
            .. Enumerable.Range(0, 3).Select(at => Kept.Begin(() => here.Start(
                "coordinator", "--home", $"home{at}", "--listen", members[at], "--http", apis[at], "--join", list, "--journal", database))),
        ];
        await Task.WhenAll(coordinators.Select(one => Cluster.Of(one.Now)));
        Kept[] all = [.. coordinators, .. Names.Select(name => Kept.Begin(() => Trainer(here, list, name)))];
        var everywhere = string.Join(',', apis);
        await here.Fine("submit", "thousand.yaml", "--at", everywhere);

        await KillUntilDone(here, all, apis, whole);

        await here.Fine("export", Sweep, "--at", everywhere, "--to", here.At("out"));
        AssertWhole(Results.In(here.At("out")), undisturbed);
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
            Assert.True(clock.Elapsed < undisturbed * 6, $"not over after {kills} kills\n{here.Log()}");
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
            Trainer(here, cluster.Address, name);
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

    private static RunningProgram Trainer(Workplace here, string join, string name) =>
        here.Start("trainer", "--join", join, "--slots", "1", "--name", name);

    /// <summary>Each is started again at once, whether it was killed here or ended with 75, as a service manager does.</summary>
    private async Task KillUntilDone(Workplace here, Kept[] all, string[] apis, TimeSpan undisturbed)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        var (chance, clock, kills, seen) = (new Random(20), Stopwatch.StartNew(), 0, new List<(TimeSpan At, int Finished)>());
        var finished = 0;
        while ((finished = Math.Max(finished, await Finished(http, apis))) < Trials)
        {
            Assert.True(clock.Elapsed < undisturbed * 20, $"{finished} of {Trials} after {clock.Elapsed.TotalSeconds:0} s and {kills} kills\n{Story(seen)}\n{here.Log()}");
            seen.Add((clock.Elapsed, finished));
            await Task.Delay(2000);
            foreach (var ended in all.Where(one => one.Now.HasEnded))
            {
                await ended.Again();
            }

            await all[chance.Next(all.Length)].Again();
            kills++;
        }

        var times = clock.Elapsed / undisturbed;
        output.WriteLine($"undisturbed {undisturbed.TotalSeconds:0.0} s; with {kills} kills {clock.Elapsed.TotalSeconds:0.0} s: {times:0.00} times");
        output.WriteLine(Story(seen));
        Assert.True(times <= MostTimes, $"{times:0.00} times the undisturbed run");
    }

    private static string Story(List<(TimeSpan At, int Finished)> seen) => string.Join("; ", seen.Select(entry => $"{entry.At.TotalSeconds:0} s: {entry.Finished}"));

    /// <returns>The most that any of them tells of; −1 while nobody answers.</returns>
    private static async Task<int> Finished(HttpClient http, string[] apis)
    {
        var most = -1;
        foreach (var api in apis)
        {
            try
            {
                using var status = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://{api}/api/v1/sweeps/{Sweep}")));
                most = Math.Max(most, status.RootElement.GetProperty("summary").GetProperty("counts").GetProperty("finished").GetInt32());
            }
            catch (Exception nobody) when (nobody is HttpRequestException or OperationCanceledException)
            {
            }
        }

        return most;
    }

    /// <summary>A process that is there again whenever it has ended.</summary>
    private sealed class Kept(RunningProgram first, Func<RunningProgram> start)
    {
        public RunningProgram Now { get; private set; } = first;

        public static Kept Begin(Func<RunningProgram> start) => new(start(), start);

        public async Task Again()
        {
            if (!Now.HasEnded)
            {
                Now.Send(Signal.Kill);
            }

            await Now.Ends();
            Now = start();
        }
    }
}
