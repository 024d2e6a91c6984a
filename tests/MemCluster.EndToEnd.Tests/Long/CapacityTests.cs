using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>Who may run what, and what becomes of the work of a trainer that is told to go.</summary>
[Trait("Category", "Chaos")]
public sealed partial class CapacityTests
{
    private const string Spec = """
        sweep: drained
        data: { name: glyphs, train: 2000, validation: 500 }
        network: { kind: mlp, depth: 2, width: 64 }
        training: { epochs: 150, batch: 32, momentum: 0.9 }
        noise: label 0.2
        regularizer: dropout 0.2
        requires: { label: gpu, memory: 100MiB }
        """;

    [Fact]
    public async Task A_trial_waits_for_a_trainer_that_offers_its_label_and_goes_on_elsewhere_when_that_one_is_drained()
    {
        using var undisturbed = new Workplace();
        undisturbed.Write("drained.yaml", Spec);
        await undisturbed.Fine("run", "drained.yaml", "--slots", "1", "--label", "gpu");
        using var here = new Workplace();
        here.Write("drained.yaml", Spec);
        using var cluster = await Cluster.Start(here);
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "plain");
        await here.Fine("submit", "drained.yaml", "--at", cluster.Api);

        const string Why = "no trainer offers label gpu; plain offers: none";
        await Until("/api/v1/sweeps/drained", status => status.GetProperty("waiting").GetString() == Why);
        foreach (var verb in new string[][] { ["list"], ["status", "drained"], ["trial", "drained", "1"] })
        {
            Assert.Contains(Why, (await here.Fine([.. verb, "--at", cluster.Api])).Output, StringComparison.Ordinal);
        }

        var leaves = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "node7", "--label", "gpu", "--checkpoints", "kept");
        await Until("/api/v1/sweeps/drained/trials/1", trial =>
            trial.TryGetProperty("running", out var running) && running.GetProperty("epoch").GetInt32() >= 10);
        leaves.Send(Signal.Terminate);
        var ended = await leaves.Ends();
        Assert.True(ended.Code == 0, ended.All);
        Assert.Contains("Draining: trials stop after their epoch, at the latest in 60 s.", ended.Output);
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "node2", "--label", "gpu", "--checkpoints", "kept");
        await cluster.Finishes("drained");

        var story = (await here.Fine("trial", "drained", "1", "--at", cluster.Api)).Output;
        var handed = Handed().Match(story);
        var taken = Taken().Match(story);
        Assert.True(handed.Success && taken.Success, story);
        Assert.Equal(handed.Groups["epoch"].Value, taken.Groups["epoch"].Value);
        Assert.InRange(int.Parse(taken.Groups["epoch"].Value, System.Globalization.CultureInfo.InvariantCulture), 10, 149);
        await here.Fine("export", "drained", "--at", cluster.Api, "--to", here.At("out"));
        Results.In(here.At("out")).AssertSameScience(undisturbed.Results("drained"));
        Assert.Empty(Directory.GetFiles(here.At("kept")));

        // Over HTTP: to start a process for each question would take longer than what is asked about.
        async Task Until(string path, Func<JsonElement, bool> isSo)
        {
            for (var patience = Stopwatch.StartNew(); ; await Task.Delay(20))
            {
                var answer = await cluster.Http.GetStringAsync(cluster.Url(path));
                using var json = JsonDocument.Parse(answer);
                if (isSo(json.RootElement))
                {
                    return;
                }

                Assert.True(patience.Elapsed < Workplace.Patience, $"{path} never came to be so.\n{answer}");
            }
        }
    }

    [GeneratedRegex("handed back by node7 at epoch (?<epoch>[0-9]+): it was drained")]
    private static partial Regex Handed();

    [GeneratedRegex("taken up by node2 as attempt 2, from checkpoint (?<epoch>[0-9]+)")]
    private static partial Regex Taken();
}
