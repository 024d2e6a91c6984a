using CsCheck;

namespace MemCluster.Reporting.Tests;

public sealed class NumbersTests
{
    [Fact]
    public void Every_finite_number_reads_back_as_itself() => Gen.Double.Sample(value =>
        !double.IsFinite(value) || double.Parse(Numbers.RoundTrip(value), System.Globalization.CultureInfo.InvariantCulture).Equals(value));

    [Theory]
    [InlineData(0.9312, ".931")]
    [InlineData(1, "1.000")]
    [InlineData(0, ".000")]
    [InlineData(-0.0001, ".000")]
    [InlineData(-0.42, "-.420")]
    public void Shares_are_printed_without_the_leading_zero(double share, string text) => Assert.Equal(text, Numbers.Share(share));

    [Theory]
    [InlineData(0.2, "under 1 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.9, "1 min")]
    [InlineData(2280, "38 min")]
    [InlineData(12000, "3 h 20 min")]
    [InlineData(190000, "2 days 5 h")]
    [InlineData(double.PositiveInfinity, "longer than a lifetime")]
    public void Times_are_said_as_one_would_say_them(double seconds, string text) => Assert.Equal(text, Numbers.Duration(seconds));
}
