using MemCluster.Hosting;

namespace MemCluster.Coordinator.Tests;

public sealed class SightTests
{
    private static readonly Sight Nothing = new(null, 0, TimeSpan.Zero, TimeSpan.Zero);

    [Fact]
    public void Of_several_nodes_the_one_that_hosts_the_coordinator_is_found_and_idle_ones_count_as_heard()
    {
        var idle = Nothing.NotThere("a:1").HeardFrom(At(1));
        var found = idle.Found("b:1", 7, At(2));

        Assert.Equal((null, At(1)), (idle.At, idle.HeardAt));
        Assert.Equal(("b:1", 7L), (found.At, found.Uid));
        Assert.True(found.IsAnotherThan(idle));
        Assert.False(found.Found("b:1", 7, At(3)).IsAnotherThan(found));
    }

    [Fact]
    public void One_started_again_at_the_same_place_is_another() =>
        Assert.True(Nothing.Found("a:1", 8, At(9)).IsAnotherThan(Nothing.Found("a:1", 7, At(1)).Broken("a:1")));

    [Fact]
    public void While_two_think_they_are_the_one_the_first_is_kept_as_long_as_it_answers()
    {
        var first = Nothing.Found("a:1", 7, At(1));

        Assert.Equal("a:1", first.Found("b:1", 9, At(2)).At);
        Assert.Equal("b:1", first.After(At(7)).Found("b:1", 9, At(7)).At);
    }

    [Fact]
    public void It_is_lost_when_it_says_that_it_is_idle_when_its_line_breaks_and_when_it_is_silent()
    {
        var found = Nothing.Found("a:1", 7, At(1));

        Assert.Null(found.NotThere("a:1").At);
        Assert.Null(found.Broken("a:1").At);
        Assert.Equal("a:1", found.Broken("b:1").At);
        Assert.Equal("a:1", found.After(At(6)).At);
        Assert.Null(found.After(At(6.1)).At);
    }

    [Fact]
    public void That_no_coordinator_is_there_is_no_sign_of_life() => Assert.Equal(At(1), Nothing.HeardFrom(At(1)).NotThere("a:1").HeardAt);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
