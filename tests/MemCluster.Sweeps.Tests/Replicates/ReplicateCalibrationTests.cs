using MathNet.Numerics.Distributions;
using MemCluster.Messages;
using Xunit.Abstractions;

namespace MemCluster.Sweeps.Tests.Replicates;

/// <summary>
/// Does a claim that is looked at until it is decided err as seldom as it says? Effects that are exactly on the threshold, so that every verdict is false, and effects that
/// are there. The experiment has more sweeps and all kinds of claims: <c>--filter Category=Experiment</c>.
/// </summary>
public sealed class ReplicateCalibrationTests(ITestOutputHelper output)
{
    internal const string One = "measure: train_loss, where: { capacity: 32 }, holds: \">= 0.5\"";
    internal const string Pair = "measure: train_loss, where: { capacity: 128 }, minus: { where: { capacity: 32 } }, holds: \"> 0\"";

    [Theory]
    [InlineData(One, 3, 40, 1)]
    [InlineData(Pair, 2, 12, 2)]
    public void Of_a_thousand_sweeps_without_an_effect_at_most_five_percent_get_a_verdict(string claim, int least, int most, int seed)
    {
        var found = ManyAskedSweeps.Play(Spec(claim, least, most), 1000, seed, (draws, _) => Normal.Sample(draws, 0.5, 0.1));

        output.WriteLine($"{found}");
        Assert.InRange(found.Decided, 0.01, 0.05);
        Assert.InRange(found.Seeds, 0.93 * most, most);
    }

    /// <summary>The test of the test: looked at as often with plain 95 % intervals, more than a sixth of them would have one.</summary>
    [Fact]
    public void An_effect_of_one_standard_deviation_is_found_with_less_than_half_of_the_seeds()
    {
        var found = ManyAskedSweeps.Play(Spec(One, 3, 40), 300, 3, (draws, _) => Normal.Sample(draws, 0.6, 0.1));

        output.WriteLine($"{found}");
        Assert.Equal(0, found.Fails);
        Assert.InRange(found.Decided, 0.98, 1);
        Assert.InRange(found.Seeds, 10, 20);
    }

    internal static SweepSpec Spec(string claim, int least, int most) => AskedSweep.Spec($"  c: {{ {claim} }}\n", least, most);
}
