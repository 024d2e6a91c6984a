namespace MemCluster.Cli.Tests;

public sealed class ReplayShareTests
{
    [Theory]
    [InlineData("1%", 250, 3)]
    [InlineData("1%", 20, 1)]
    [InlineData("100 %", 7, 7)]
    [InlineData("0.5%", 1000, 5)]
    [InlineData("50", 1000, 50)]
    [InlineData("50", 20, 20)]
    [InlineData("10%", 0, 0)]
    public void A_share_or_a_number_says_how_many_trials_are_trained_again(string said, int trials, int expected) =>
        Assert.Equal(expected, ReplayShare.Parse(said)!.Of(trials));

    [Theory]
    [InlineData("0")]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("some")]
    [InlineData("1.5")]
    [InlineData("")]
    public void Anything_else_is_none(string said) => Assert.Null(ReplayShare.Parse(said));
}
