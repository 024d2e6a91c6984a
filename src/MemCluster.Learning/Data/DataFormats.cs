using System.Buffers.Binary;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>The two formats of published files.</summary>
internal static class DataFormats
{
    /// <summary>
    /// IDX (LeCun): big-endian 00 00 08 (bytes) and the number of dimensions, each dimension as 32 bits, then the bytes. Images and labels are
    /// in two files.
    /// </summary>
    public static DataPart Idx(byte[] images, byte[] labels, DataSetCard card)
    {
        var pixels = Values(images, 3);
        var classes = Values(labels, 1);
        return pixels.Length == classes.Length * (long)card.Pixels
            ? new DataPart(pixels, classes)
            : throw new DataProblem($"{card.Name}: {pixels.Length} pixels do not fit {classes.Length} labels of {card.Pixels} pixels each.");
    }

    /// <summary>CIFAR-10 binary: records of one label byte and the planes red, green, blue, row by row; no header.</summary>
    public static DataPart Cifar(byte[] batch, DataSetCard card)
    {
        var record = 1 + card.Pixels;
        var count = batch.Length / record;
        var (pixels, labels) = (new byte[count * card.Pixels], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = batch[i * record];
            batch.AsSpan(i * record + 1, card.Pixels).CopyTo(pixels.AsSpan(i * card.Pixels));
        }

        return new DataPart(pixels, labels);
    }

    private static ReadOnlyMemory<byte> Values(byte[] file, int dimensions)
    {
        var header = 4 + 4 * dimensions;
        if (file.Length < header || BinaryPrimitives.ReadInt32BigEndian(file) != 0x0800 + dimensions)
        {
            throw new DataProblem($"This is no IDX file of bytes with {dimensions} dimensions.");
        }

        long count = 1;
        for (var i = 0; i < dimensions; i++)
        {
            count *= BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4 + 4 * i));
        }

        return count == file.Length - header
            ? file.AsMemory(header)
            : throw new DataProblem($"An IDX file announces {count} bytes and holds {file.Length - header}.");
    }
}
