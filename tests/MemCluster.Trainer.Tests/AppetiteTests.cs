using MemCluster.Tests;

namespace MemCluster.Trainer.Tests;

public sealed class AppetiteTests
{
    private readonly HandClock _clock = new();
    private readonly Appetite _appetite;

    public AppetiteTests() => _appetite = new(3, _clock);

    [Fact]
    public void Long_trials_are_not_hoarded()
    {
        foreach (var _ in Enumerable.Range(0, 20))
        {
            _appetite.Ended();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, _appetite.Room());
    }

    [Fact]
    public void Short_trials_are_held_in_stock_for_a_quarter_of_a_second()
    {
        foreach (var _ in Enumerable.Range(0, 100))
        {
            _appetite.Ended();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(3 + 25, _appetite.Room());
    }

    [Fact]
    public void The_stock_has_a_limit_even_where_trials_take_no_time_at_all()
    {
        foreach (var _ in Enumerable.Range(0, 100_000))
        {
            _appetite.Ended();
        }

        Assert.Equal(3 + 256, _appetite.Room());
    }

    [Fact]
    public void What_was_long_ago_does_not_count()
    {
        foreach (var _ in Enumerable.Range(0, 100))
        {
            _appetite.Ended();
        }

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(3, _appetite.Room());
    }
}
