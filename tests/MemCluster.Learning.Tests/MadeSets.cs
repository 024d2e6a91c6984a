using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

/// <summary>Tiny sets in the published formats, under names of their own: image i is filled with i, its label is i mod 3.</summary>
internal static class MadeSets
{
    public const int Train = 20, Validation = 10, Test = 6, Batch = 12;

    public static DataSetCard Idx(string folder, bool gzip)
    {
        var files = new List<DataFile>();
        foreach (var (part, count, first) in new[] { ("train", Train + Validation, 0), ("t10k", Test, 100) })
        {
            files.Add(Write(folder, part + "-images-idx3-ubyte", [.. Header(0x803, count, 2, 2), .. Enumerable.Range(first, count).SelectMany(i => Enumerable.Repeat((byte)i, 4))], gzip));
            files.Add(Write(folder, part + "-labels-idx1-ubyte", [.. Header(0x801, count), .. Enumerable.Range(first, count).Select(i => (byte)(i % 3))], gzip));
        }

        return new DataSetCard("tiny", "TINY squares", 1, 2, 2, 3, Train, Validation, Test, "http://127.0.0.1:1/", null, files);
    }

    public static DataSetCard Cifar(string folder, bool gzip)
    {
        var files = new[] { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "test_batch.bin" }.Select((name, batch) => Write(
            folder, name, [.. Enumerable.Range(batch * Batch, Batch).SelectMany(i => Enumerable.Repeat((byte)i, 4).Prepend((byte)(i % 3)))], gzip)).ToList();
        return new DataSetCard("tiny-colour", "TINY-COLOUR squares", 1, 2, 2, 3, 3 * Batch, Batch, Batch, "http://127.0.0.1:1/", "tiny.tar.gz", files);
    }

    /// <summary>Puts the plain files of a folder into the set's archive, under a folder as the official one has it.</summary>
    public static void Pack(DataSetCard card, string folder, string archive)
    {
        using var file = File.Create(archive);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip);
        foreach (var member in card.Files)
        {
            tar.WriteEntry(Path.Combine(folder, member.Name), "cifar-10-batches-bin/" + member.Name);
        }
    }

    private static DataFile Write(string folder, string name, byte[] bytes, bool gzip)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, gzip ? name + ".gz" : name);
        using (var file = File.Create(path))
        using (var stream = gzip ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file)
        {
            stream.Write(bytes);
        }

        var published = File.ReadAllBytes(path);
        return new DataFile(name, bytes.Length, Hex(bytes), Path.GetFileName(path), Hex(published), published.Length);
    }

    private static byte[] Header(int magic, params int[] sizes)
    {
        var header = new byte[4 + 4 * sizes.Length];
        BinaryPrimitives.WriteInt32BigEndian(header, magic);
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        }

        return header;
    }

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
