using System.Diagnostics;
using MemCluster.Tests;
using MemCluster.Tests.Postgres;
using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>Three coordinator processes and two trainers on a PostgreSQL journal, while things go wrong. The results are those of an undisturbed run.</summary>
[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class FailOverTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Long enough that training goes on all through a fail-over.</summary>
    private static readonly string Spec = SmallSweep.Text.Replace("epochs: 60", "epochs: 800", StringComparison.Ordinal);

    private static readonly Lazy<Task<Results>> Undisturbed = new(async () =>
    {
        using var here = new Workplace();
        await here.Fine("run", here.Write("small.yaml", Spec), "--slots", "2");
        return here.Results("small");
    });

    private readonly Workplace _here = new();

    public void Dispose() => _here.Dispose();

    [PostgresFact]
    public async Task When_the_coordinator_at_work_is_killed_another_takes_over_and_no_trial_is_begun_again()
    {
        var cluster = await Begin(PostgresServer.Shared.NewDatabase());
        cluster[0].Coordinator.Send(Signal.Kill);
        var clock = Stopwatch.StartNew();

        var last = cluster[2];
        var before = await last.Reaches("small", counts => counts.Running >= 2);
        output.WriteLine($"another answers status {clock.Elapsed.TotalSeconds:0.0} s after the kill: {before}");
        Assert.InRange(clock.Elapsed.TotalSeconds, 5, 60);

        await EndsAsUndisturbed(last);
    }

    [PostgresFact]
    public async Task A_coordinator_that_slept_through_its_replacement_writes_nothing_more_and_ends_with_75()
    {
        var cluster = await Begin(PostgresServer.Shared.NewDatabase());
        cluster[0].Coordinator.Send(Signal.Stop);
        await cluster[1].Reaches("small", counts => counts.Running >= 2);

        cluster[0].Coordinator.Send(Signal.Continue);

        Assert.Equal(75, (await cluster[0].Coordinator.Ends()).Code);
        await EndsAsUndisturbed(cluster[2]);
    }

    [PostgresFact]
    public async Task A_database_that_is_away_for_a_while_is_waited_for()
    {
        using var postgres = PostgresServer.Start();
        var cluster = await Begin(postgres.NewDatabase());

        postgres.Stop();
        await Task.Delay(TimeSpan.FromSeconds(10));
        var before = await cluster[1].Counts("small"); // Rows are shown all the same.
        postgres.StartAgain();
        var clock = Stopwatch.StartNew();
        await cluster[1].Reaches("small", counts => counts.Finished > before.Finished);
        output.WriteLine($"trials end again {clock.Elapsed.TotalSeconds:0.0} s after the database is back");

        await EndsAsUndisturbed(cluster[2]);
    }

    /// <summary>Three coordinators started together in any order, two trainers, and the sweep under way.</summary>
    private async Task<Cluster[]> Begin(string database)
    {
        string[] members = [.. Enumerable.Range(0, 3).Select(_ => $"127.0.0.1:{Ports.Free()}")];
        var list = string.Join(',', members);
        var started = members.Index().Reverse().Select(member => _here.Start(
            "coordinator", "--home", $"home{member.Index}", "--listen", member.Item, "--http", "127.0.0.1:0", "--join", list, "--journal", database)).ToArray();
        var cluster = await Task.WhenAll(started.Reverse().Select(Cluster.Of));
        foreach (var name in (string[])["left", "right"])
        {
            _here.Start("trainer", "--join", list, "--slots", "1", "--name", name);
        }

        _here.Write("small.yaml", Spec);
        await Submit(cluster[1]);
        await cluster[0].Reaches("small", counts => counts is { Finished: >= 1, Running: >= 2 });
        return cluster;
    }

    /// <summary>Through a node that may still be asking where the coordinator is.</summary>
    private async Task Submit(Cluster through)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            var ended = await _here.Run("submit", "small.yaml", "--at", through.Api);
            if (ended.Code == 0 || clock.Elapsed > Workplace.Patience)
            {
                Assert.True(ended.Code == 0, ended.All);
                return;
            }
        }
    }

    private async Task EndsAsUndisturbed(Cluster at)
    {
        await at.Finishes("small");
        await _here.Fine("export", "small", "--at", at.Api, "--to", _here.At("out"));
        var results = Results.In(_here.At("out"));
        results.AssertSameScience(await Undisturbed.Value);
        Assert.All(results.AttemptRows, row => Assert.Equal(("1", "finished"), (row["attempt"], row["how"])));
    }
}
