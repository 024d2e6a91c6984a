using System.Data.Common;
using MemCluster.Hosting;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Auditing;

/// <summary>Writes events into a journal's table, of SQLite or PostgreSQL, each linked to the one before.</summary>
internal sealed class JournalPen(DbConnection open)
{
    private readonly Dictionary<string, StreamHead> _heads = [];

    public StreamHead HeadOf(string stream) => _heads.GetValueOrDefault(stream, StreamHead.Begin);

    public void Write(string stream, IMessage happened)
    {
        var head = HeadOf(stream);
        var entry = JournalEntry.Of(happened, head.Link, stream, head.Number + 1);
        _heads[stream] = new(head.Number + 1, entry.Link);
        using var command = open.CreateCommand();
        command.CommandText = """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (@created, @deleted, @stream, @number, @message, @kind, @serializer, '')
            """;
        Set(command, "@created", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Set(command, "@deleted", false);
        Set(command, "@stream", stream);
        Set(command, "@number", head.Number + 1);
        Set(command, "@message", entry.ToBytes());
        Set(command, "@kind", entry.Kind);
        Set(command, "@serializer", JournalSerializer.Id);
        command.ExecuteNonQuery();
    }

    private static void Set(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
