using MemCluster.Hosting;
using MemCluster.Messages;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Auditing;

/// <summary>Writes events into a journal's table, each linked to the one before.</summary>
internal sealed class JournalPen(SqliteConnection open)
{
    private readonly Dictionary<string, StreamHead> _heads = [];

    public StreamHead HeadOf(string stream) => _heads.GetValueOrDefault(stream, StreamHead.Begin);

    public void Write(string stream, IMessage happened)
    {
        var head = HeadOf(stream);
        var entry = JournalEntry.Of(happened, head.Link, stream, head.Number + 1);
        _heads[stream] = new(head.Number + 1, entry.Link);
        using var command = open.CreateCommand();
        command.CommandText = "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES ($a, 0, $b, $c, $d, $e, $f, '')";
        command.Parameters.AddWithValue("$a", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$b", stream);
        command.Parameters.AddWithValue("$c", head.Number + 1);
        command.Parameters.AddWithValue("$d", entry.ToBytes());
        command.Parameters.AddWithValue("$e", entry.Kind);
        command.Parameters.AddWithValue("$f", JournalSerializer.Id);
        command.ExecuteNonQuery();
    }
}
