namespace MemCluster.Coordinator.Tests;

public sealed class PaceTests
{
    [Fact]
    public void The_pace_is_that_of_the_last_ten_seconds()
    {
        var pace = new Pace();
        for (var second = 0; second < 30; second++)
        {
            pace.Add(TimeSpan.FromSeconds(second), second < 15 ? 100 : 7);
        }

        Assert.Equal(7, pace.PerSecond(TimeSpan.FromSeconds(29)));
        Assert.Equal(0, pace.PerSecond(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void At_the_beginning_only_the_seconds_that_passed_count()
    {
        var pace = new Pace();
        pace.Add(TimeSpan.FromSeconds(1000.2), 6);

        Assert.Equal(6, pace.PerSecond(TimeSpan.FromSeconds(1000.4)));
        Assert.Equal(3, pace.PerSecond(TimeSpan.FromSeconds(1002.4)));
    }
}
