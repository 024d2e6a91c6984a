using System.Data.Common;
using System.Runtime.CompilerServices;
using MemCluster.Hosting;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Auditing;

/// <summary>A row of the journal, undecoded.</summary>
/// <param name="Serializer">Under whose number it was written.</param>
internal sealed record StoredEvent(long Number, string Kind, int Serializer, byte[] Bytes)
{
    /// <summary>What <see cref="StreamProof"/> takes.</summary>
    /// <exception cref="Exception">It is nothing that this version knows.</exception>
    public object Stored => Serializer == JournalSerializer.Id ? JournalEntry.Parse(Bytes, Kind)
        : Serializer == JsonMessageSerializer.Id ? MessageJson.Read(Bytes, Kind)
        : throw new InvalidDataException($"it was written by serializer {Serializer}, which is none of memcluster's");
}

/// <summary>A journal's rows, past Akka: what is damaged must not hinder reading the rest.</summary>
internal interface IJournalRows
{
    /// <summary>Names of all streams.</summary>
    Task<IReadOnlyList<string>> Streams(CancellationToken cancel);

    /// <summary>The events of a stream, in the order of their numbers.</summary>
    IAsyncEnumerable<StoredEvent> Of(string stream, CancellationToken cancel);
}

/// <summary>As the database gives them.</summary>
internal sealed class JournalRows(DbConnection open) : IJournalRows
{
    public async Task<IReadOnlyList<string>> Streams(CancellationToken cancel)
    {
        var streams = new List<string>();
        await using var command = open.CreateCommand();
        command.CommandText = "SELECT DISTINCT persistence_id FROM journal ORDER BY persistence_id";
        await using var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        while (await reader.ReadAsync(cancel).ConfigureAwait(false))
        {
            streams.Add(reader.GetString(0));
        }

        return streams;
    }

    public async IAsyncEnumerable<StoredEvent> Of(string stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = open.CreateCommand();
        command.CommandText = """
            SELECT sequence_number, coalesce(manifest, ''), coalesce(identifier, 0), message FROM journal
            WHERE persistence_id = @stream AND NOT deleted ORDER BY sequence_number
            """;
        var name = command.CreateParameter();
        (name.ParameterName, name.Value) = ("@stream", stream);
        command.Parameters.Add(name);
        await using var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        while (await reader.ReadAsync(cancel).ConfigureAwait(false))
        {
            yield return new(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3));
        }
    }
}
