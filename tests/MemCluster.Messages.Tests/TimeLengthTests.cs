namespace MemCluster.Messages.Tests;

public sealed class TimeLengthTests
{
    [Theory]
    [InlineData("2h", 7200)]
    [InlineData(" 1.5 H ", 5400)]
    [InlineData("90s", 90)]
    [InlineData("0.25s", 0.25)]
    [InlineData("365d", 31_536_000)]
    public void A_number_with_a_unit_is_a_length_of_time(string text, double seconds)
    {
        Assert.True(TimeLength.TryParse(text, out var length));
        Assert.Equal(TimeSpan.FromSeconds(seconds), length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("5")]
    [InlineData("-1h")]
    [InlineData("0m")]
    [InlineData("366d")]
    [InlineData("1e3s")]
    [InlineData("1h30m")]
    [InlineData("0.0001s")]
    [InlineData("9999999999999999999999999999d")]
    public void Anything_else_is_none(string text) => Assert.False(TimeLength.TryParse(text, out _));

    [Theory]
    [InlineData(7200, "2h")]
    [InlineData(5400, "90m")]
    [InlineData(86_400, "1d")]
    [InlineData(0.25, "0.25s")]
    public void It_is_written_in_the_largest_unit_that_divides_it_and_read_again(double seconds, string expected)
    {
        var text = TimeLength.Text(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, text);
        Assert.True(TimeLength.TryParse(text, out var again));
        Assert.Equal(seconds, again.TotalSeconds);
    }
}
