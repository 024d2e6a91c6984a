using CsCheck;

namespace MemCluster.Messages.Tests;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("8GiB", 8L << 30)]
    [InlineData(" 512 mib ", 512L << 20)]
    [InlineData("16GB", 16_000_000_000)]
    [InlineData("0.5GiB", 1L << 29)]
    [InlineData("100", 100)]
    [InlineData("7 B", 7)]
    public void An_amount_is_read_as_people_write_it(string text, long bytes)
    {
        Assert.True(MemorySize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("8 apples")]
    [InlineData("-1GiB")]
    [InlineData("0")]
    [InlineData("1.2.3GiB")]
    [InlineData("0.1B")]
    [InlineData("99999999999999999999TiB")]
    [InlineData("1e3GiB")]
    public void What_is_no_amount_is_refused(string text) => Assert.False(MemorySize.TryParse(text, out _));

    [Fact]
    public void The_text_of_an_amount_reads_back_as_itself() => Gen.Long[1, 1L << 50].Sample(bytes =>
        Assert.True(MemorySize.TryParse(MemorySize.Text(bytes), out var read) && read == bytes, MemorySize.Text(bytes)));

    [Theory]
    [InlineData(8L << 30, "8GiB", "8 GiB")]
    [InlineData(1536L << 20, "1536MiB", "1.5 GiB")]
    [InlineData(1000, "1000B", "1000 B")]
    public void It_is_written_exactly_for_files_and_rounded_for_people(long bytes, string text, string rounded) =>
        Assert.Equal((text, rounded), (MemorySize.Text(bytes), MemorySize.Rounded(bytes)));
}
