using System.Text;

namespace MemCluster.Messages.Tests;

/// <summary>A stream is believed as far as each event follows from the one before.</summary>
public sealed class StreamProofTests
{
    private const string Stream = "sweep-s";

    private static readonly IMessage[] Events =
    [
        new SweepEvent.SweepHeld(new("s"), Holds.Paused, DateTimeOffset.UnixEpoch),
        new SweepEvent.SweepResumed(new("s"), DateTimeOffset.UnixEpoch),
        new SweepEvent.PrioritySet(new("s"), 7, DateTimeOffset.UnixEpoch),
    ];

    [Fact]
    public void What_was_written_is_read_through_its_bytes()
    {
        var proof = new StreamProof(Stream, StreamHead.Begin);
        var read = Written(Stream).Select((entry, index) => proof.Next(index + 1, JournalEntry.Parse(entry.ToBytes(), entry.Kind))).ToArray();

        Assert.Equal(Events, read);
        Assert.Equal(3, proof.Head.Number);
    }

    [Fact]
    public void An_entry_is_JSON_with_the_event_in_it_as_it_is()
    {
        var text = Encoding.UTF8.GetString(Written(Stream)[2].ToBytes());

        Assert.Matches("^\\{\"chain\":\"[A-Za-z0-9_-]{22}\",\"event\":\\{", text);
        Assert.Contains(Encoding.UTF8.GetString(MessageJson.Write(Events[2])), text, StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(text);
        Assert.Equal(7, json.RootElement.GetProperty("event").GetProperty("priority").GetInt32());
    }

    [Fact]
    public void Every_bit_of_every_byte_counts()
    {
        var entries = Written(Stream);
        for (var number = 1; number <= entries.Length; number++)
        {
            var bytes = entries[number - 1].ToBytes();
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                byte[] flipped = [.. bytes];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                var at = number;
                var proof = Read(entries[..(number - 1)]);
                Assert.Throws<BrokenStreamException>(() => proof.Next(at, JournalEntry.Parse(flipped, entries[at - 1].Kind)));
            }
        }
    }

    [Fact]
    public void An_event_that_is_gone_moved_renamed_or_of_another_stream_is_found()
    {
        var entries = Written(Stream);

        Assert.Contains("event 2", Broken(() => Read([]), proof =>
        {
            proof.Next(1, entries[0]);
            proof.Next(3, entries[2]);
        }), StringComparison.Ordinal);
        Assert.Contains("is not the one", Broken(() => Read([]), proof => proof.Next(1, entries[1])), StringComparison.Ordinal);
        Assert.Contains("is not the one", Broken(() => Read([]), proof => proof.Next(1, entries[0] with { Kind = "sweep-resumed:1" })), StringComparison.Ordinal);
        Assert.Contains("is not the one", Broken(() => Read([]), proof => proof.Next(1, Written("sweep-other")[0])), StringComparison.Ordinal);
    }

    [Fact]
    public void Events_of_versions_without_a_chain_stand_before_it_and_nowhere_else()
    {
        var proof = new StreamProof(Stream, StreamHead.Begin);
        proof.Next(1, Events[0]);
        var entry = JournalEntry.Of(Events[1], proof.Head.Link, Stream, 2);
        proof.Next(2, entry);

        Assert.Contains("has no place", Assert.Throws<BrokenStreamException>(() => proof.Next(3, Events[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_a_later_version_is_told_from_a_damaged_one()
    {
        var json = Encoding.UTF8.GetBytes("{}");
        var later = new JournalEntry("sweep-dreamt:1", json, Chain.Next(Chain.Begin, Stream, 1, "sweep-dreamt:1", json));

        Assert.Contains("says nothing to this version", Broken(() => Read([]), proof => proof.Next(1, later)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_is_proved_by_itself_and_names_the_event_that_it_stands_for()
    {
        var entry = JournalEntry.OfSnapshot(new CoordinatorSnapshot(3, [], [], [], []), Written("coordinator")[1].Link, "coordinator");
        var read = JournalEntry.Parse(entry.ToBytes(), entry.Kind);

        Assert.True(read.IsSnapshotOf("coordinator"));
        Assert.Equal(entry.Head, read.Head);
        Assert.False(read.IsSnapshotOf("sweep-s"));
        var bytes = entry.ToBytes();
        for (var at = 0; at < bytes.Length; at++)
        {
            byte[] flipped = [.. bytes];
            flipped[at] ^= 1;
            Assert.False(JournalEntry.Parse(flipped, entry.Kind).IsSnapshotOf("coordinator"));
        }
    }

    private static JournalEntry[] Written(string stream)
    {
        var head = StreamHead.Begin;
        return
        [
            .. Events.Select(happened =>
            {
                var entry = JournalEntry.Of(happened, head.Link, stream, head.Number + 1);
                head = new(head.Number + 1, entry.Link);
                return entry;
            }),
        ];
    }

    private static StreamProof Read(JournalEntry[] entries)
    {
        var proof = new StreamProof(Stream, StreamHead.Begin);
        for (var index = 0; index < entries.Length; index++)
        {
            proof.Next(index + 1, entries[index]);
        }

        return proof;
    }

    private static string Broken(Func<StreamProof> begin, Action<StreamProof> read)
    {
        var proof = begin();
        return Assert.Throws<BrokenStreamException>(() => read(proof)).Message;
    }
}
