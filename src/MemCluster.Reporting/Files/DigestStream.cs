using System.Security.Cryptography;

namespace MemCluster.Reporting.Files;

/// <summary>Hands on what is written and takes its SHA-256 on the way, so that a file of gigabytes need not be read again for it. The stream underneath stays open.</summary>
internal sealed class DigestStream(Stream to) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => false;

    /// <summary>Never: a byte that is written over would be in the digest twice.</summary>
    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => to.Length;

    public override long Position
    {
        get => to.Position;
        set => throw new NotSupportedException("What is digested is written from its beginning to its end.");
    }

    /// <summary>Of all that was written so far: 64 lowercase hex digits.</summary>
    public string Digest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        to.Write(buffer);
        _hash.AppendData(buffer);
    }

    public override void WriteByte(byte value) => Write([value]);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await to.WriteAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span);
    }

    public override void Flush() => to.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
