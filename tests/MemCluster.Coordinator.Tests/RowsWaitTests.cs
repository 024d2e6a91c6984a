using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

public sealed class RowsWaitTests
{
    private static readonly SweepId A = new("a");

    private static readonly RowsWait<string> Begun = RowsWait.Nothing<string>();

    [Fact]
    public void Who_asks_is_answered_once_all_sweeps_are_read()
    {
        var wait = Begun.Asked("me", At(0)).Found().Reads(A, missed: false).Next;
        Assert.Empty(wait.Answers(At(0.5)).Answered);

        var done = wait.CaughtUp(A).Next.Answers(At(0.6));

        Assert.Equal(["me"], done.Answered);
        Assert.Null(done.How);
        Assert.Empty(done.Next.Answers(At(9)).Answered);
    }

    [Fact]
    public void After_a_second_he_hears_how_far_it_is_and_may_ask_again()
    {
        var told = Begun.Asked("me", At(0)).Found().Reads(A, missed: false).Next.Folded(5).Failed("the disk is full").Answers(At(1));

        Assert.Equal(["me"], told.Answered);
        Assert.Equal(new RowsBehind(1, 5, "the disk is full"), told.How);
        Assert.Empty(told.Next.Answers(At(2)).Answered);
    }

    [Fact]
    public void What_was_passed_over_meanwhile_is_read_once_more()
    {
        var (reading, begins) = Begun.Found().Reads(A, missed: true);
        Assert.True(begins);
        Assert.False(reading.CaughtUp(A).Again);

        var (missed, twice) = reading.Reads(A, missed: true);
        Assert.False(twice);
        Assert.True(missed.Reads(A, missed: false).Next.CaughtUp(A).Again);
    }

    [Fact]
    public void A_sweep_that_can_t_be_read_holds_up_nobody() =>
        Assert.Equal(["me"], Begun.Asked("me", At(0)).Found().Reads(A, missed: false).Next.SetAside(A).Answers(At(0)).Answered);

    [Fact]
    public void Before_the_sweeps_are_listed_nobody_is_told_that_all_is_read() => Assert.Empty(Begun.Asked("me", At(0)).Answers(At(0.9)).Answered);

    [Fact]
    public void One_who_waits_gives_up_when_nothing_moves_and_not_while_something_does()
    {
        var patience = RowsPatience.From(At(0)).Heard(new(2, 10, ""), At(1));
        Assert.Null(patience.Progress(At(1.5)));
        Assert.Contains("10 events", patience.Progress(At(3)), StringComparison.Ordinal);

        var still = patience.Heard(new(2, 10, "the disk is full"), At(9));
        Assert.Null(still.GivesUp(At(15), TimeSpan.FromSeconds(15)));
        Assert.Contains("the disk is full", still.GivesUp(At(16), TimeSpan.FromSeconds(15)), StringComparison.Ordinal);
        Assert.Null(still.Heard(new(2, 11, ""), At(16)).GivesUp(At(17), TimeSpan.FromSeconds(15)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
