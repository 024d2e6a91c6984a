using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

/// <summary>How a sweep bears with failing trials: said in the file, no part of what its trials are.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void A_sweep_says_how_often_a_trial_is_tried_again_and_what_it_may_take()
    {
        var spec = With("retries: 0", "limits: { time: 2h, idle: 1.5m, memory: 4GiB }");

        Assert.Equal((0, new TrialLimits(TimeSpan.FromHours(2), TimeSpan.FromSeconds(90), 4L << 30)), (spec.Retries, spec.Limits));
        Assert.Equal((SweepSpec.UsualRetries, TrialLimits.None), (With().Retries, With("limits: {}").Limits));
    }

    [Fact]
    public void The_canonical_text_holds_it_and_gives_it_again()
    {
        var spec = With("retries: 5", "limits: { memory: 1GiB, idle: 300s }");
        var again = SpecFile.FromCanonical(spec.Canonical);

        Assert.EndsWith("retries: 5\nlimits:\n  idle: 5m\n  memory: 1GiB\n", spec.Canonical, StringComparison.Ordinal);
        Assert.Equal((spec.Canonical, spec.Retries, spec.Limits), (again.Canonical, again.Retries, again.Limits));
        Assert.DoesNotContain("retries", With("retries: 2").Canonical, StringComparison.Ordinal);
    }

    [Fact]
    public void It_changes_no_digest_no_cell_and_is_no_difference()
    {
        var (plain, strict) = (With(), With("retries: 7", "limits: { time: 1h, memory: 1GiB }"));

        Assert.Equal(plain.Digest, strict.Digest);
        Assert.Equal(new Grid(plain).CellAt(0), new Grid(strict).CellAt(0));
        Assert.Empty(SpecDifference.Between(plain.Canonical, strict.Canonical));
    }

    [Fact]
    public void A_set_replaces_one_part_or_all_of_it()
    {
        var text = Glyphs("limits: { time: 2h, memory: 4GiB }");

        Assert.Equal(new(TimeSpan.FromHours(2), TimeSpan.FromSeconds(30), 4L << 30), Read(text, "limits.idle=30s").Limits);
        Assert.Equal(new(Time: TimeSpan.FromDays(1)), Read(text, "limits={time: 1d}").Limits);
        Assert.Equal(9, Read(text, "retries=9").Retries);
    }

    [Theory]
    [InlineData("limits: 2h", "s.yaml:3:9  limits is a mapping such as 'limits: { time: 2h, idle: 5m, memory: 4GiB }'")]
    [InlineData("limits: { time: 5 }", "s.yaml:3:17  time 5 is not a length of time such as 2h, 5m or 30s")]
    [InlineData("limits: { idle: 0s }", "s.yaml:3:17  idle '0s' is not a length of time such as 2h, 5m or 30s")]
    [InlineData("limits: { idle: [1m] }", "s.yaml:3:17  idle is a length of time such as 2h, 5m or 30s")]
    [InlineData("limits: { memory: lots }", "s.yaml:3:19  memory 'lots' is not an amount of memory such as 8GiB, 512MiB or 16GB")]
    [InlineData("limits: { hours: 1 }", "s.yaml:3:11  unknown key 'hours' in limits; expected one of time, idle, memory")]
    [InlineData("retries: many", "s.yaml:3:10  retries is a whole number from 0 to 100: how often a trial that failed is tried again, on other trainers where there are some")]
    [InlineData("retries: 101", "s.yaml:3:10  retries is a whole number from 0 to 100: how often a trial that failed is tried again, on other trainers where there are some")]
    public void A_mistake_has_its_place_and_says_what_to_write(string lines, string expected) => Assert.Equal(expected, OnlyProblem(Glyphs(lines)));
}
