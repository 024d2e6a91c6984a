using System.Buffers.Binary;

namespace MemCluster.Trainer;

/// <summary>
/// What a trainer and one of its worker processes say to each other, as bytes: a kind (1 byte), how many bytes follow (4, little-endian), and those.
/// One may send from several threads; one reads.
/// </summary>
internal sealed class Frames(Stream from, Stream to) : IDisposable
{
    /// <summary>Of all that comes unasked: an epoch's findings are the largest, 4 bytes a measure and example.</summary>
    public const int MostBytes = 256 << 20;

    /// <summary>Of a trial's memory, which is sent only when it was asked for, or to go on from.</summary>
    public const int MostMemoryBytes = 2_000_000_000;

    private const int HeadBytes = 5;

    private readonly Lock _gate = new();

    /// <exception cref="IOException">Nobody reads at the other end any more.</exception>
    public void Send(WorkerWord word, ReadOnlySpan<byte> content = default)
    {
        var frame = new byte[HeadBytes + content.Length];
        frame[0] = (byte)word;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), content.Length);
        content.CopyTo(frame.AsSpan(HeadBytes));
        lock (_gate)
        {
            to.Write(frame);
            to.Flush();
        }
    }

    /// <returns>Null at the end, also in the middle of a frame: whoever sent it has gone.</returns>
    /// <exception cref="FormatException">These are no frames, or one is longer than it may be.</exception>
    public Frame? Receive(int mostBytes = MostBytes)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        if (from.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes)
        {
            return null;
        }

        var (word, length) = ((WorkerWord)head[0], BinaryPrimitives.ReadInt32LittleEndian(head[1..]));
        if (!Enum.IsDefined(word) || length < 0 || length > mostBytes)
        {
            throw new FormatException($"A worker process and its trainer don't understand each other: a frame of kind {head[0]} with {length} bytes.");
        }

        var content = new byte[length];
        return from.ReadAtLeast(content, length, throwOnEndOfStream: false) < length ? null : new(word, content);
    }

    public void Dispose()
    {
        from.Dispose();
        to.Dispose();
    }
}

internal sealed record Frame(WorkerWord Word, byte[] Content);
