using CsCheck;

namespace MemCluster.Messages.Tests;

public sealed class IdsTests
{
    [Fact]
    public void A_cell_is_read_as_it_is_written() => Gen.Select(Gen.ULong, Gen.ULong).Sample((high, low) =>
        CellId.Parse(new CellId(high, low).ToString()) == new CellId(high, low));

    [Fact]
    public void A_cell_is_32_hexadecimal_digits_leading_zeros_included() =>
        Assert.Equal("000000000000000f00000000000000a0", new CellId(15, 160).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("0f")]
    [InlineData("000000000000000f00000000000000a0f")]
    [InlineData("000000000000000g00000000000000a0")]
    [InlineData(" 00000000000000f00000000000000a0")]
    public void What_is_no_cell_is_refused(string text) => Assert.Throws<FormatException>(() => CellId.Parse(text));

    [Theory]
    [InlineData("a", true)]
    [InlineData("noise-by-capacity-2", true)]
    [InlineData("0", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("a\n", false)]
    [InlineData("ä", false)]
    public void A_sweeps_name_can_name_a_folder_and_a_stream(string name, bool valid) => Assert.Equal(valid, SweepId.IsValid(name));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_sweeps_name_has_at_most_64_characters(int length, bool valid) => Assert.Equal(valid, SweepId.IsValid(new string('a', length)));

    [Fact]
    public void Another_attempt_is_another_key()
    {
        var first = new TrialKey(new("s"), new(1, 2), 1);

        Assert.NotEqual(first, first with { Attempt = 2 });
        Assert.NotEqual(first, first with { Cell = new(1, 3) });
        Assert.NotEqual(first, first with { Sweep = new("t") });
    }

    [Fact]
    public void The_last_epoch_of_a_batch_counts_its_rows()
    {
        var batch = new TrialMeasured(default, 1, 5, ["x"], new byte[24], ["a", "b", "c"], default);

        Assert.Equal(7, batch.LastEpoch);
    }
}
