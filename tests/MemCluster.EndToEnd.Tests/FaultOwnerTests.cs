using System.Text.Json;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A trial that a machine can't do goes to another, and the machine is named.</summary>
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
        using var nodes = JsonDocument.Parse(await cluster.Http.GetStringAsync(cluster.Url("/api/v1/nodes")));
        var state = nodes.RootElement.EnumerateArray().First(node => node.GetProperty("trainer").GetString() == "sick").GetProperty("state").GetString()!;
        Assert.True(state == "probation" || state.Contains($"trial {failed.Trial} of owners failed there and ended well on well: no epoch ended in ", StringComparison.Ordinal), state);
        await here.Fine("export", "owners", "--at", cluster.Api, "--to", here.At("out"));
        Results.In(here.At("out")).AssertSameScience(undisturbed.Results("owners"));
    }
}
