using System.Globalization;
using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A sweep whose claims ask for seeds, with real short trials.</summary>
public sealed class ReplicatesTests(ITestOutputHelper output)
{
    /// <summary>A difference that anybody sees, and one that is not there.</summary>
    private const string Spec = """
        sweep: asks
        data: { name: glyphs, train: 300, validation: 300 }
        network: { kind: mlp, depth: 1 }
        training: { epochs: 4, batch: 32, momentum: 0.9 }
        axes:
          noise: [none, label 0.8]
          rate: [0.05, 0.0501]
          capacity: [24]
        replicates: { until: decided, at-least: 3, at-most: 8 }
        claims:
          hurts: { measure: validation_accuracy_last, where: { noise: none, rate: first }, minus: { where: { noise: label 0.8, rate: first } }, holds: ">= 0.05" }
          same: { measure: train_loss, where: { noise: none, rate: first }, minus: { where: { noise: none, rate: last } }, holds: "> 0" }
        """;

    /// <summary>Killed when the first trials have ended, whether or not more had been asked for by then, and once more among those.</summary>
    [Trait("Category", "Chaos")]
    [Fact]
    public async Task A_killed_run_asks_for_the_same_seeds_and_ends_with_the_same_bytes()
    {
        using var undisturbed = new Workplace();
        undisturbed.Write("asks.yaml", Spec);
        var whole = await undisturbed.Fine("run", "asks.yaml", "--slots", "2");
        output.WriteLine(whole.Output);
        using var here = new Workplace();
        here.Write("asks.yaml", Spec);
        foreach (var trials in (int[])[12, 1])
        {
            var run = here.Start("run", "asks.yaml", "--slots", "2");
            await run.HasFinished(trials);
            run.Send(Signal.Kill);
            Assert.Equal(137, (await run.Ends()).Code);
        }

        await here.Fine("run", "asks.yaml", "--slots", "2");

        var (results, expected) = (here.Results("asks"), undisturbed.Results("asks"));
        results.AssertSameScience(expected);
        int Seeds(string noise, string rate) => results.TrialRows.Count(row => row["noise"] == noise && row["rate"] == rate);
        Assert.Equal((8, 8, 3), (Seeds("none", "0.05"), Seeds("none", "0.0501"), Seeds("label 0.8", "0.0501")));
        Assert.InRange(Seeds("label 0.8", "0.05"), 3, 5);
        Assert.All(results.TrialRows, row => Assert.Equal("finished", row["state"]));
        await here.Fine("audit");
    }

    [Fact]
    public async Task It_says_how_many_seeds_there_are_and_why()
    {
        using var here = new Workplace();
        here.Write("asks.yaml", Spec);
        Assert.Contains("at least 12 trials, at most 32; looks at 3, 5, 8 seeds", (await here.Fine("plan", "asks.yaml")).Output, StringComparison.Ordinal);
        var run = await here.Fine("run", "asks.yaml", "--slots", "2");
        var trials = here.Results("asks").TrialRows.Count;
        var status = (await here.Fine("status", "asks")).Output;
        var report = (await here.Fine("report", "asks")).Output;

        Assert.Contains("looks at 3, 5, 8 seeds, and none decided it", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 to 8 of at most 8 seeds asked for; no claim asks for more.", status, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{trials}/{trials}"), status, StringComparison.Ordinal);
        Assert.Contains("looks at 3", report, StringComparison.Ordinal);
        Assert.Contains("no claim asked for this seed", (await here.Fine("trial", "asks", "32")).Output, StringComparison.Ordinal);
        Assert.Contains("finished already; nothing was run", (await here.Fine("run", "asks.yaml", "--slots", "2")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_asks_for_more_goes_on_with_what_is_there()
    {
        using var here = new Workplace();
        here.Write("asks.yaml", Spec);
        await here.Fine("run", "asks.yaml", "--slots", "2", "--set", "replicates.claims=[hurts]");
        var before = here.Results("asks").TrialRows.Count;

        await here.Fine("run", "asks.yaml", "--slots", "2");

        Assert.InRange(before, 12, 16);
        Assert.Equal(8, here.Results("asks").TrialRows.Count(row => row["noise"] == "none" && row["rate"] == "0.0501"));
        var other = await here.Run("run", "asks.yaml", "--slots", "2", "--set", "replicates.at-most=12");
        Assert.Equal(2, other.Code);
        Assert.Contains("+ seeds: 12", other.All, StringComparison.Ordinal);
    }
}
