using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MemCluster.Messages;

/// <summary>
/// The hash chain of a stream: each event's link is a digest of the event, of its place, and of the link before it. An event that was changed, moved,
/// swapped or taken out breaks it there; one link, kept elsewhere, proves all that came before.
/// </summary>
public static class Chain
{
    /// <summary>Before a stream's first event.</summary>
    public const string Begin = "";

    private const int Bytes = 16;

    /// <summary>Characters of a link: 128 bits in base64url.</summary>
    public const int Length = 22;

    /// <param name="before">The link of the event before it; <see cref="Begin"/> for the first, and for the first after those of versions that had no chain.</param>
    /// <param name="number">The event's sequence number.</param>
    public static string Next(string before, string stream, long number, string kind, ReadOnlySpan<byte> json) =>
        Of(string.Create(CultureInfo.InvariantCulture, $"{before}\n{stream}\n{number}\n{kind}\n"), json);

    /// <summary>What a snapshot is proved by: it stands for all events up to its own number.</summary>
    /// <param name="head">The link of the last event in it.</param>
    public static string OfSnapshot(string head, string stream, string kind, ReadOnlySpan<byte> json) => Of($"snapshot\n{head}\n{stream}\n{kind}\n", json);

    /// <summary>In one piece: the digest of many small ones costs more for its beginning and end than for its bytes.</summary>
    private static string Of(string place, ReadOnlySpan<byte> json)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(place.Length) + json.Length);
        try
        {
            var length = Encoding.UTF8.GetBytes(place, bytes);
            json.CopyTo(bytes.AsSpan(length));
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, length + json.Length), digest);
            return Base64Url.EncodeToString(digest[..Bytes]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

/// <summary>An event as it stands in the journal: its bytes, and its link in the chain of its stream. Nothing is decoded before it is asked for.</summary>
/// <param name="Kind">The event's name in <see cref="MessageJson.Kinds"/>.</param>
/// <param name="Link">Its link; <see cref="Chain.Begin"/> where the bytes are not of this form.</param>
/// <param name="Head">Of a snapshot: the link of the last event in it; else empty.</param>
public sealed record JournalEntry(string Kind, ReadOnlyMemory<byte> Json, string Link, string Head = "")
{
    private const string Before = "{\"chain\":\"";
    private const string Between = "\",\"head\":\"";
    private const string Then = "\",\"event\":";

    private IMessage? _event;

    /// <param name="before">The link of the event before it.</param>
    public static JournalEntry Of(IMessage happened, string before, string stream, long number)
    {
        var (kind, json) = (MessageJson.KindOf(happened), MessageJson.Write(happened));
        return new(kind, json, Chain.Next(before, stream, number, kind, json)) { _event = happened };
    }

    /// <param name="head">The link of the last event that is in it.</param>
    public static JournalEntry OfSnapshot(IMessage state, string head, string stream)
    {
        var (kind, json) = (MessageJson.KindOf(state), MessageJson.Write(state));
        return new(kind, json, Chain.OfSnapshot(head, stream, kind, json), head) { _event = state };
    }

    /// <exception cref="Exception">Its bytes are no such event.</exception>
    public IMessage Event => _event ??= (IMessage)MessageJson.Read(Json.Span, Kind);

    public bool Follows(string before, string stream, long number) => Link == Chain.Next(before, stream, number, Kind, Json.Span);

    public bool IsSnapshotOf(string stream) => Link == Chain.OfSnapshot(Head, stream, Kind, Json.Span);

    /// <summary>JSON, with the event's own bytes in it as they are.</summary>
    public byte[] ToBytes() => [.. Encoding.ASCII.GetBytes(Head.Length == 0 ? Before + Link + Then : Before + Link + Between + Head + Then), .. Json.Span, (byte)'}'];

    /// <summary>Never fails: bytes of another form give an entry whose link is none.</summary>
    public static JournalEntry Parse(ReadOnlyMemory<byte> bytes, string kind)
    {
        var rest = bytes;
        string? head = null;
        if (!Take(Before) || Text() is not { } link)
        {
            return Broken();
        }

        if (Take(Between))
        {
            head = Text();
            if (head is null)
            {
                return Broken();
            }
        }

        return Take(Then) && rest.Length > 0 && rest.Span[^1] == (byte)'}' ? new(kind, rest[..^1], link, head ?? "") : Broken();

        JournalEntry Broken() => new(kind, bytes, Chain.Begin);

        bool Take(string text)
        {
            if (rest.Length < text.Length || !Ascii.Equals(rest.Span[..text.Length], text))
            {
                return false;
            }

            rest = rest[text.Length..];
            return true;
        }

        string? Text()
        {
            if (rest.Length < Chain.Length)
            {
                return null;
            }

            var text = Encoding.ASCII.GetString(rest.Span[..Chain.Length]);
            rest = rest[Chain.Length..];
            return text;
        }
    }
}
