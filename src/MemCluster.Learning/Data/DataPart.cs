namespace MemCluster.Learning;

/// <summary>Consecutive examples as they are stored: a byte per pixel and channel (0 is dark or background), a byte per label.</summary>
/// <param name="Pixels">Images one after the other, channel by channel, row by row.</param>
public readonly record struct DataPart(ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<byte> Labels)
{
    public int Count => Labels.Length;

    /// <summary>Examples from one place on.</summary>
    /// <param name="pixels">Numbers in one image.</param>
    public DataPart Slice(int from, int count, int pixels) =>
        new(Pixels.Slice(from * pixels, count * pixels), Labels.Slice(from, count));
}
