using MemCluster.Hosting;

namespace MemCluster.Coordinator.Tests;

/// <summary>A wall clock that is off, for tests of nodes as processes.</summary>
public sealed class NodeClockTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_said_is_the_machine_s_own(string? said) => Assert.Same(TimeProvider.System, NodeClock.Of(said));

    [Theory]
    [InlineData("-7200")]
    [InlineData("86400.5")]
    public void It_is_off_by_so_many_seconds_and_measures_as_ever(string said)
    {
        var clock = NodeClock.Of(said);

        var off = clock.GetUtcNow() - DateTimeOffset.UtcNow;

        Assert.Equal(double.Parse(said, System.Globalization.CultureInfo.InvariantCulture), off.TotalSeconds, tolerance: 5);
        Assert.InRange(clock.GetElapsedTime(TimeProvider.System.GetTimestamp()), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("two hours")]
    [InlineData("NaN")]
    [InlineData("1e12")]
    [InlineData("99999999999")]
    public void What_is_no_time_is_refused_with_a_sentence(string said) =>
        Assert.Contains($"MEMCLUSTER_CLOCK_SKEW is a number of seconds, at most ten years, like -7200, not '{said}'", Assert.Throws<FormatException>(() => NodeClock.Of(said)).Message, StringComparison.Ordinal);
}
