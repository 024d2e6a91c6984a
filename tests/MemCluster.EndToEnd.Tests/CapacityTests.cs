using System.Text.RegularExpressions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>Who may run what, and what becomes of the work of a trainer that is told to go.</summary>
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

        foreach (var verb in new string[][] { ["list"], ["status", "drained"], ["trial", "drained", "1"] })
        {
            await Shows("no trainer offers label gpu; plain offers: none", verb);
        }

        var leaves = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "node7", "--label", "gpu", "--checkpoints", "kept");
        await Shows("Now at epoch [0-9]{2}", "trial", "drained", "1");
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

        async Task Shows(string pattern, params string[] verb)
        {
            for (var patience = System.Diagnostics.Stopwatch.StartNew(); ;)
            {
                var answer = await here.Fine([.. verb, "--at", cluster.Api]);
                if (Regex.IsMatch(answer.Output, pattern))
                {
                    return;
                }

                Assert.True(patience.Elapsed < Workplace.Patience, $"{string.Join(' ', verb)} never said '{pattern}'.\n{answer.Output}");
                await Task.Delay(50);
            }
        }
    }

    [GeneratedRegex("handed back by node7 at epoch (?<epoch>[0-9]+): it was drained")]
    private static partial Regex Handed();

    [GeneratedRegex("taken up by node2 as attempt 2, from checkpoint (?<epoch>[0-9]+)")]
    private static partial Regex Taken();
}
