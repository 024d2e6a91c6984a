namespace MemCluster.EndToEnd.Tests;

/// <summary>A trial that a machine can't do goes to another, and the machine is named.</summary>
[Trait("Category", "Chaos")]
public sealed class FaultOwnerTests
{
    private const string Spec = """
        sweep: owners
        data: { name: glyphs, train: 600, validation: 200 }
        network: { kind: mlp, depth: 1, width: 64 }
        training: { epochs: 12, batch: 16, momentum: 0.9 }
        axes: { noise: [none, label 0.4] }
        seeds: 5
        limits: { idle: 3s }
        """;

    [Fact]
    public async Task A_trial_that_hangs_is_elsewhere_within_its_limit_and_the_trainer_where_it_hung_is_set_aside_with_the_reason()
    {
        using var undisturbed = new Workplace();
        undisturbed.Write("owners.yaml", Spec);
        await undisturbed.Fine("run", "owners.yaml", "--slots", "1");
        using var here = new Workplace();
        here.Write("owners.yaml", Spec);
        using var cluster = await Cluster.Start(here);
        var sick = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "sick");
        await here.Fine("submit", "owners.yaml", "--at", cluster.Api);
        await cluster.Reaches("owners", counts => counts is { Finished: >= 1, Running: >= 1 });

        Signals.Send(Assert.Single(Workers.Of(sick.Id)), Signal.Stop);
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "well");
        await cluster.Reaches("owners", counts => counts.Finished == counts.Trials);

        var attempts = await cluster.Attempts("owners");
        var failed = Assert.Single(attempts, attempt => attempt.Ended.StartsWith("failed: ", StringComparison.Ordinal));
        Assert.Equal("sick", failed.Trainer);
        Assert.StartsWith("failed: no epoch ended in ", failed.Ended, StringComparison.Ordinal);
        Assert.Equal("well", attempts.Single(attempt => attempt.Trial == failed.Trial && attempt.Number == failed.Number + 1).Trainer);
        Assert.Contains(
            $"Trainer sick is set aside for 15 s: trial {failed.Trial} of owners failed there and ended well on well: no epoch ended in ",
            File.ReadAllText(Path.Combine(here.Home, "memcluster.log")), StringComparison.Ordinal);
        await here.Fine("export", "owners", "--at", cluster.Api, "--to", here.At("out"));
        Results.In(here.At("out")).AssertSameScience(undisturbed.Results("owners"));
    }

    [Fact]
    public async Task A_trial_that_ends_its_process_each_time_has_failed_in_the_end_and_the_rest_of_the_sweep_finishes()
    {
        using var here = new Workplace();
        here.Write("owners.yaml", Spec);
        using var cluster = await Cluster.Start(here);
        var trainer = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "only");
        await here.Fine("submit", "owners.yaml", "--at", cluster.Api, "--set", "training.epochs=200", "--set", "axes.noise=[none]", "--set", "seeds=2");

        await cluster.Reaches("owners", counts =>
        {
            // The attempt that was begun last is the one at work: there is one slot. A worker that is killed before it takes the trial harms nobody, so again and again.
            var last = cluster.Attempts("owners").GetAwaiter().GetResult().Where(attempt => attempt.Trial == 1).MaxBy(attempt => attempt.Number);
            if (last is { Ended: "" } && Workers.Of(trainer.Id) is [var worker])
            {
                Signals.Send(worker, Signal.Kill);
            }

            return counts.Finished == counts.Trials - 1 && counts.Running == 0;
        });

        var attempts = (await cluster.Attempts("owners")).Where(attempt => attempt.Trial == 1).ToArray();
        Assert.Equal([1, 2, 3], attempts.Select(attempt => attempt.Number));
        Assert.All(attempts, attempt => Assert.Matches("^failed: .*its process ended with SIGKILL \\(signal 9\\)", attempt.Ended)); // Also one that had not come up yet.
        Assert.EndsWith("(it failed 2 times before, on only)", attempts[^1].Ended, StringComparison.Ordinal);
    }
}
