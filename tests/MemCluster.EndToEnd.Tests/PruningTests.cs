namespace MemCluster.EndToEnd.Tests;

public sealed class PruningTests
{
    private const string Spec = """
        sweep: pruned
        data: { name: glyphs, train: 1000, validation: 300 }
        network: { kind: mlp, depth: 2, width: 48 }
        training: { epochs: 20, batch: 32, momentum: 0.9 }
        axes:
          noise: [none, label 0.3]
          prune: [none, random 0.2, input-gradient highest 0.2, {score: el2n, drop: window, fraction: 0.4, from: 0.2, runs: 2, every: 5}]
        seeds: 1
        """;

    private const string Short = """
        sweep: short
        data: { name: glyphs, train: 500, validation: 200 }
        network: { kind: mlp, depth: 2, width: 48 }
        training: { epochs: 40, batch: 32, momentum: 0.9 }
        noise: label 0.3
        axes: { prune: [none, {score: el2n, drop: highest, fraction: 0.3, runs: 2, every: 5}] }
        seeds: 1
        """;

    /// <summary>Of the four trials two compute scores, and one waits for them.</summary>
    [Fact]
    public async Task A_run_that_is_killed_among_its_scores_leaves_out_what_an_undisturbed_one_leaves_out()
    {
        using var here = new Workplace();
        here.Write("short.yaml", Short);
        await here.Fine("run", "short.yaml", "--slots", "1", "--home", "whole");
        var killed = here.Start("run", "short.yaml", "--slots", "1");
        await killed.HasFinished(2);
        killed.Send(Signal.Kill);
        Assert.Equal(137, (await killed.Ends()).Code);

        await here.Fine("run", "short.yaml", "--slots", "1");

        var (results, whole) = (here.Results("short"), Results.In(here.At("whole/results/short")));
        results.AssertSameScience(whole);
        var scores = await File.ReadAllTextAsync(here.At("home/results/short/scores.csv"));
        Assert.Equal(await File.ReadAllTextAsync(here.At("whole/results/short/scores.csv")), scores);
        Assert.Equal(["finished", "finished"], Row.Parse(scores).Select(row => row["state"]));
        Assert.All(results.TrialRows, row => Assert.Equal("finished", row["state"]));
        Assert.True(results.TrialRows[1].Number("corrupted_share_kept") < 0.3);
    }

    [Trait("Category", "Chaos")]
    [Fact]
    public async Task Scores_and_what_is_trained_by_them_are_the_same_bytes_when_a_trainer_is_killed_while_it_scores()
    {
        using var undisturbed = new Workplace();
        undisturbed.Write("pruned.yaml", Spec);
        await undisturbed.Fine("run", "pruned.yaml", "--slots", "2");
        using var here = new Workplace();
        here.Write("pruned.yaml", Spec);
        using var cluster = await Cluster.Start(here);
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "stays");
        var dies = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "dies");
        await here.Fine("submit", "pruned.yaml", "--at", cluster.Api);
        while (!(await cluster.Attempts("pruned")).Any(attempt => attempt is { Trial: > 8, Trainer: "dies", Ended: "" }))
        {
            await Task.Delay(10);
        }

        dies.Send(Signal.Kill);
        await cluster.Finishes("pruned");
        await here.Fine("export", "pruned", "--at", cluster.Api, "--to", here.At("out"));

        var results = Results.In(here.At("out"));
        results.AssertSameScience(undisturbed.Results("pruned"));
        var scores = await File.ReadAllTextAsync(Path.Combine(here.At("out"), "scores.csv"));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(undisturbed.Home, "results", "pruned", "scores.csv")), scores);
        Assert.Contains(results.AttemptRows, row => row["how"].StartsWith("lost", StringComparison.Ordinal));
        Assert.Equal(8, results.TrialRows.Count);
        var scoring = Row.Parse(scores);
        Assert.Equal(6, scoring.Count);
        Assert.All(scoring, row => Assert.Equal("finished", row["state"]));

        // Wrong labels have large gradients: dropping these leaves fewer of them.
        var noisy = results.TrialRows.Where(row => row["noise"] == "label 0.3").ToArray();
        Assert.True(noisy.Single(row => row["prune"].StartsWith("input-gradient", StringComparison.Ordinal)).Number("corrupted_share_kept") < 0.2);
        Assert.InRange(noisy.Single(row => row["prune"].StartsWith("random", StringComparison.Ordinal)).Number("corrupted_share_kept"), 0.25, 0.35);
    }
}
