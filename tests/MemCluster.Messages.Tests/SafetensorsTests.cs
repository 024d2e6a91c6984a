using System.Buffers.Binary;
using System.Text;

namespace MemCluster.Messages.Tests;

public sealed class SafetensorsTests
{
    private static readonly Safetensors Two = new(
        [new("0.weight", Safetensors.Float32, [2, 1], 8), new("0.bias", Safetensors.Float64, [], 8)], [new("sweep", "s \"1\""), new("epoch", "3")],
        new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 });

    /// <summary>By the format's own description, letter by letter.</summary>
    [Fact]
    public void A_file_is_the_length_of_its_header_the_header_and_the_numbers()
    {
        var file = Two.ToBytes();
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);

        Assert.Equal(
            """{"__metadata__":{"sweep":"s \"1\"","epoch":"3"},"0.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"0.bias":{"dtype":"F64","shape":[],"data_offsets":[8,16]}}""",
            Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(0, (8 + length) % 8);
        Assert.Equal(Two.Data.ToArray(), file[(8 + length)..]);
        Assert.Equal(8 + length, Safetensors.HeadBytes(file));
    }

    [Fact]
    public void What_was_written_is_read_and_written_again_to_the_byte()
    {
        var again = Safetensors.Read(Two.ToBytes());

        Assert.Equal(Two.ToBytes(), again.ToBytes());
        Assert.Equal(Two.Digest, again.Digest);
        Assert.Equal(Two.Digest, (Two with { About = [] }).Digest);
        Assert.NotEqual(Two.Digest, (Two with { Data = new byte[16] }).Digest);
    }

    [Fact]
    public void What_is_cut_short_or_no_such_file_is_told_from_one()
    {
        var file = Two.ToBytes();
        for (var length = 0; length < file.Length; length++)
        {
            Assert.Throws<FormatException>(() => Safetensors.Read(file.AsMemory(0, length)));
        }

        Assert.Throws<FormatException>(() => Safetensors.Read(Encoding.UTF8.GetBytes("weights, one might think, but it is prose")));
    }

    [Fact]
    public void A_plan_says_what_it_keeps_and_is_written_in_one_way()
    {
        var all = WeightsPlan.Of(last: true, best: true, [10, 1, 10]);

        Assert.Equal(("weights last best at 1,10", true, true, 4), (all.Text, all.Last, all.Best, all.MostCopies));
        Assert.Equal([1, 10], all.At);
        var plain = WeightsPlan.Of(last: true, best: false, []);
        Assert.Equal(("weights", true, false, 1), (plain.Text, plain.Last, plain.Best, plain.MostCopies));
        var some = WeightsPlan.Of(last: false, best: false, [7]);
        Assert.Equal(("weights at 7", false, false, 1), (some.Text, some.Last, some.Best, some.MostCopies));
        Assert.Equal((WeightsPlan.None, false, 0), (WeightsPlan.Of(false, false, []), WeightsPlan.None.Last, WeightsPlan.None.MostCopies));
    }
}
