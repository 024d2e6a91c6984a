using MemCluster.Hosting;

namespace MemCluster.Coordinator.Tests;

public sealed class RemediesTests
{
    private static readonly Remedies Patient = new(Timeout.InfiniteTimeSpan);
    private static readonly Remedies Hasty = new(TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(Way.Blocked, 3600)]
    [InlineData(Way.Free, 19)]
    public void A_coordinator_that_is_away_is_waited_for_by_default(Way way, int seconds)
    {
        Assert.Equal(new Remedy.GoOn(), Patient.For(Silence(way, seconds), hasWorked: false));
        Assert.Equal(new Remedy.GoOn(), Patient.For(Silence(way, seconds), hasWorked: true));
    }

    [Fact]
    public void Whoever_was_told_how_long_to_wait_leaves_then_but_only_before_it_has_ever_worked()
    {
        Assert.Equal(new Remedy.GoOn(), Hasty.For(Silence(Way.Blocked, 29), hasWorked: false));
        Assert.Equal(new Remedy.Leave(), Hasty.For(Silence(Way.Blocked, 30), hasWorked: false));
        Assert.Equal(new Remedy.GoOn(), Hasty.For(Silence(Way.Blocked, 3600), hasWorked: true));
    }

    [Fact]
    public void Certificates_that_do_not_fit_end_a_trainer_at_its_start_and_never_later()
    {
        Assert.Equal(new Remedy.Leave(), Patient.For(Silence(Way.Barred, 5), hasWorked: false));
        Assert.Equal(new Remedy.GoOn(), Patient.For(Silence(Way.Barred, 5), hasWorked: true));
    }

    [Fact]
    public void A_line_that_is_silent_though_the_way_is_free_is_made_anew() =>
        Assert.Equal(new Remedy.BeginAgain(TimeSpan.Zero), Patient.For(Silence(Way.Free, 20), hasWorked: true));

    [Fact]
    public void A_node_that_ended_or_was_given_up_is_made_anew_at_once()
    {
        Assert.Equal(new Remedy.BeginAgain(TimeSpan.Zero), Hasty.For(new Mishap.Ended(), hasWorked: true));
        Assert.Equal(new Remedy.BeginAgain(TimeSpan.Zero), Hasty.For(new Mishap.GivenUp(), hasWorked: true));
    }

    [Fact]
    public void A_node_that_can_not_be_made_is_tried_again_for_ever_less_and_less_often()
    {
        var pauses = Enumerable.Range(1, 100).Select(times => ((Remedy.BeginAgain)Hasty.For(new Mishap.NotBegun(times), hasWorked: true)).After.TotalSeconds);

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], pauses.Take(7));
        Assert.All(pauses, pause => Assert.InRange(pause, 1, 30));
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_a_trainer_that_has_worked_never_leaves()
    {
        var draw = new Random(7);
        for (var step = 0; step < 10_000; step++)
        {
            Mishap mishap = draw.Next(4) switch
            {
                0 => new Mishap.NotBegun(draw.Next(1, 1000)),
                1 => new Mishap.Ended(),
                2 => new Mishap.GivenUp(),
                _ => Silence((Way)draw.Next(3), draw.Next(100_000)),
            };

            Assert.IsNotType<Remedy.Leave>(new Remedies(TimeSpan.FromSeconds(draw.Next(1, 60))).For(mishap, hasWorked: true));
        }
    }

    private static Mishap.Silence Silence(Way way, int seconds) => new(TimeSpan.FromSeconds(seconds), way);
}
