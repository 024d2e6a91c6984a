using MathNet.Numerics.Distributions;
using MemCluster.Sweeps.Claims;
using Xunit.Abstractions;
using static MemCluster.Sweeps.Tests.Replicates.ReplicateCalibrationTests;

namespace MemCluster.Sweeps.Tests.Replicates;

/// <summary>The same as <see cref="ReplicateCalibrationTests"/> with ten thousand sweeps and all kinds of claims: minutes long, so not among the default tests.</summary>
[Trait("Category", "Experiment")]
public sealed class ReplicateCalibrationExperiment(ITestOutputHelper output)
{
    private const int Sweeps = 10_000;

    [Theory]
    [InlineData(One)]
    [InlineData(Pair)]
    [InlineData("measure: train_loss, where: { capacity: 128 }, over: { where: { capacity: 32 } }, seeds: geometric-mean, holds: \">= 1\"")]
    [InlineData("measure: train_loss, each: capacity, holds: \">= 0.5\"")]
    [InlineData("measure: train_loss, along: capacity, holds: non-decreasing")]
    [InlineData("measure: train_loss, across: { axis: capacity, take: max }, holds: \"> 0.5\"")]
    [InlineData("measure: train_loss, where: { capacity: 32 }, holds: within 0.1 of 0.4")]
    public void Whatever_the_claim_is_at_most_five_percent_of_its_verdicts_on_nothing_are_there(string claim)
    {
        foreach (var (least, most, sweeps) in new[] { (3, 40, Sweeps), (2, 10, Sweeps / 3), (3, 20, Sweeps / 3), (5, 100, Sweeps / 20) })
        {
            var found = ManyAskedSweeps.Play(Spec(claim, least, most), sweeps, most, (draws, _) => Normal.Sample(draws, 0.5, 0.05));
            output.WriteLine($"{least} to {most}: {found} {found.Decided:0.0000} {claim}");
            Assert.InRange(found.Decided, 0, 0.05);
        }
    }

    /// <summary>A claim about one further seed is false where that seed is otherwise.</summary>
    [Fact]
    public void One_further_seed_is_as_it_was_said()
    {
        var found = ManyAskedSweeps.Play(Spec("measure: train_loss, where: { capacity: 32 }, seeds: every, holds: \">= 0.35\"", 3, 40), Sweeps, 5, (draws, _) => Normal.Sample(draws, 0.5, 0.05),
            (draws, looks) => Normal.Sample(draws, 0.5, 0.05) >= 0.35 != (looks.Looks[^1].Result.Verdict == Verdict.Holds));
        output.WriteLine($"{found} {found.Decided:0.0000}");
        Assert.InRange(found.Decided, 0, 0.05);
    }

    /// <summary>What it costs that seeds are not normal, as for a single look; said in docs/decisions/0029.</summary>
    [Fact]
    public void Shares_that_lean_against_their_end_get_more_false_verdicts()
    {
        foreach (var most in new[] { 10, 20, 40 })
        {
            var found = ManyAskedSweeps.Play(Spec("measure: train_loss, where: { capacity: 32 }, holds: \">= 0.95\"", 3, most), Sweeps, most, (draws, _) => Math.Pow(draws.NextDouble(), 1 / 19.0));
            output.WriteLine($"at most {most}: {found} {found.Decided:0.0000}");
            Assert.InRange(found.Decided, 0.05, 0.16);
        }
    }

    [Fact]
    public void Effects_are_found_by_their_size()
    {
        foreach (var effect in new[] { 0.5, 0.75, 1, 1.5, 2, 3, 5, 10 })
        {
            var found = ManyAskedSweeps.Play(Spec(One, 3, 40), Sweeps / 5, 7, (draws, _) => Normal.Sample(draws, 0.5 + (0.05 * effect), 0.05));
            output.WriteLine($"{effect} standard deviations: {found.Decided:0.000} decided, {found.Fails} wrongly, {found.Seeds:0.0} seeds");
            Assert.True(found.Fails <= 0.025 * found.Runs);
        }
    }
}
