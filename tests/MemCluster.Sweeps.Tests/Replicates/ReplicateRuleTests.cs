using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using MemCluster.Messages;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Sweeps.Tests.Replicates;

/// <summary>Seeds are asked for where a claim is undecided, and by nothing but how the first of them ended.</summary>
public sealed class ReplicateRuleTests
{
    private const string Clear = "  clear: { measure: validation_accuracy_best, where: { capacity: 32 }, holds: \">= 0.5\" }\n";
    private const string Open = "  open: { measure: validation_accuracy_best, where: { capacity: 128 }, holds: \">= 0.5\" }\n";
    private const string Both = "  both: { measure: validation_accuracy_best, where: { capacity: 128 }, minus: { where: { capacity: 32 } }, holds: \"> 0\" }\n";

    [Theory]
    [InlineData(3, 40, new[] { 3, 5, 8, 12, 18, 27, 40 })]
    [InlineData(3, 20, new[] { 3, 5, 8, 12, 20 })]
    [InlineData(2, 3, new[] { 2, 3 })]
    [InlineData(5, 5, new[] { 5 })]
    [InlineData(3, 100, new[] { 3, 5, 8, 12, 18, 27, 41, 62, 100 })]
    public void Looks_are_fixed_beforehand_and_what_they_may_spend_adds_up_to_five_percent(int least, int most, int[] seeds)
    {
        var looks = LookPlan.Of(new(least, most));

        Assert.Equal(seeds, looks.Select(look => look.Seeds));
        Assert.Equal(0.05, looks.Sum(look => look.Level), 1e-15);
        Assert.All(looks, look => Assert.True(look.Level > 0));
    }

    [Fact]
    public void Only_the_configurations_of_an_undecided_claim_get_more_seeds()
    {
        var sweep = new AskedSweep(AskedSweep.Spec(Clear + Open, axes: "capacity: [32, 128, 512]"), (configuration, seed) => configuration == 0 ? 0.8 + (0.04 * seed) : 0.5 + (seed % 2 == 0 ? 0.1 : -0.1)).Play();

        Assert.Equal([5, 40, 3], sweep.Asked);
        Assert.Equal([Verdict.Undecided, Verdict.Holds], sweep.Looks[0].Looks.Select(look => look.Result.Verdict));
        Assert.Equal((7, false), (sweep.Looks[1].Looks.Length, sweep.Looks[1].IsDecided));
        Assert.Equal((48, 48, 120), (sweep.State.Counts().Trials, sweep.State.Counts().Finished, sweep.State.Counts().LastTrial));
    }

    /// <summary>It may be decided with five seeds; that another claim has asked for forty of the same configuration is nothing to it.</summary>
    [Fact]
    public void A_claim_is_decided_by_its_own_look_whatever_others_ask_for()
    {
        static End Of(int configuration, int seed) => configuration == 0 ? seed < 5 ? 0.8 + (0.04 * seed) : 0.1 : 0.5 + (seed % 2 == 0 ? 0.1 : -0.1);
        var alone = new AskedSweep(AskedSweep.Spec(Clear), Of).Play();
        var beside = new AskedSweep(AskedSweep.Spec(Both + Clear), Of).Play();

        Assert.Equal([5, 3], alone.Asked);
        Assert.True(beside.Asked[0] > 5);
        Assert.Equal((5, Verdict.Holds), (beside.Looks[1].Looks[^1].Planned.Seeds, beside.Looks[1].Looks[^1].Result.Verdict));
        Assert.Equal(alone.Looks[0].P, beside.Looks[1].P);
    }

    [Fact]
    public void In_whatever_order_trials_end_the_same_seeds_are_asked_for_and_the_same_verdicts_come_out()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var draws = new Xoshiro256StarStar(seed, threadSafe: false);
            var values = Enumerable.Range(0, 80).Select(_ => (End)Normal.Sample(draws, 0.52, 0.03)).ToArray();
            values[7] = new(TrialState.Failed, 0);
            values[41] = new(TrialState.Diverged, 0.1);
            string Play(Random? shuffle)
            {
                var sweep = new AskedSweep(AskedSweep.Spec(Clear + Open + Both), (configuration, place) => values[(configuration * 40) + place]).Play(shuffle);
                return string.Join(' ', sweep.Asked) + " " + string.Join(' ', sweep.Looks.Select(claim => $"{claim.Claim.Name} {claim.P:R} {string.Join(',', claim.Looks.Select(look => look.Result.Verdict))}"));
            }

            var expected = Play(null);
            Assert.All(Enumerable.Range(0, 5), shuffle => Assert.Equal(expected, Play(new Random(shuffle))));
        }
    }

    /// <summary>One that failed for good has no value and is not waited for; one that diverged guesses, as elsewhere.</summary>
    [Fact]
    public void Failed_and_diverged_trials_end_a_look_like_others()
    {
        static End Of(int configuration, int seed) => configuration > 0 ? 0.9 : seed switch { 1 => new End(TrialState.Failed, 0), 2 => new End(TrialState.Diverged, 0), _ => 0.9 + (0.001 * seed) };
        var sweep = new AskedSweep(AskedSweep.Spec("  c: { measure: train_accuracy, where: { capacity: 32 }, holds: \">= 0.5\" }\n", most: 12), Of).Play();

        var look = sweep.Looks[0].Looks[1].Result.Parts[0].Estimate;
        Assert.Equal((4, 1, 0), (look.Count, look.Without, look.Pending));
        Assert.InRange(look.Value, 0.6, 0.8); // Three of about .9 and a guess of .1.
        Assert.Equal((1, 0), (sweep.State.Counts().Failed, sweep.State.Counts().Pending));
    }

    [Fact]
    public void A_look_that_is_not_complete_decides_nothing_yet()
    {
        var spec = AskedSweep.Spec(Clear);
        var sweep = new AskedSweep(spec, (_, seed) => 0.9 + (0.0001 * seed));
        sweep.Begin();

        Assert.Equal((0, 3), (ReplicateRule.Look(spec, sweep.Observed())[0].Looks.Length, ReplicateRule.Look(spec, sweep.Observed())[0].Next!.Value.Seeds));
        var judged = SweepVerdicts.Of(spec, SweepClaims.Of(spec).Claims, sweep.Observed(), null)[0];
        Assert.Equal((Verdict.Undecided, 3), (judged.Result.Verdict, judged.Looks!.Next!.Value.Seeds));
    }

    [Fact]
    public void The_verdict_is_that_of_the_look_at_its_level_and_its_p_value_agrees()
    {
        double[] values = [0.55, 0.56, 0.57, 0.561, 0.559, 0.558, 0.562, 0.56];
        var spec = AskedSweep.Spec(Clear);
        var sweep = new AskedSweep(spec, (_, seed) => values[seed % 8]).Play();
        var looks = sweep.Looks[0];
        var last = looks.Looks[^1];
        var seen = values.Take(last.Planned.Seeds).ToArray();

        Assert.Equal(Summary.Of(seen, 0, 1, last.Planned.Level).Low, last.Result.Parts[0].Estimate.Low, 1e-12);
        Assert.True(Summary.Of(seen.AsSpan(0, looks.Looks[^2].Planned.Seeds)).Low > 0.5, "A plain 95 % interval had called it earlier.");
        Assert.Equal(looks.Looks.Min(look => Math.Min(1, look.Result.P * 0.05 / look.Planned.Level)), looks.P);
        Assert.True(looks.IsDecided && looks.P <= 0.05 && looks.Looks[..^1].All(look => look.Result.P > look.Planned.Level));
    }

    /// <summary>How many seeds there are depends on what was found: a claim that does not ask must not profit from it.</summary>
    [Fact]
    public void A_claim_that_does_not_ask_is_judged_over_the_seeds_that_everybody_has()
    {
        var spec = AskedSweep.Spec(Open + "  middle: { measure: validation_accuracy_best, where: { capacity: 128 }, seeds: median, holds: \">= 0.5\" }\n", least: 6);
        var sweep = new AskedSweep(spec, (_, seed) => 0.5 + (seed % 2 == 0 ? 0.1 : -0.1)).Play();
        var judged = SweepVerdicts.Of(spec, SweepClaims.Of(spec).Claims, sweep.Observed(), null);

        Assert.Equal(40, sweep.Asked[1]);
        Assert.Equal([40, 6], judged.Select(claim => claim.Result.Parts[0].Estimate.Count));
        Assert.Null(judged[1].Looks);
    }
}
