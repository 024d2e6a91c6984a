using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Auditing;

/// <summary>
/// What can still be read of a damaged SQLite journal: looks up each row by itself, in a copy of the file that is filled up to its full length, so that a
/// page that is gone takes only the rows on it along.
/// </summary>
internal sealed class RescuedRows : IJournalRows
{
    private const int MostMissing = 100_000;

    /// <summary>Bytes of the largest journal there may be, filled up with holes: no file system's limit.</summary>
    private const long Most = 1L << 38;

    private readonly SortedDictionary<string, List<StoredEvent>> _streams = new(StringComparer.Ordinal);

    private RescuedRows()
    {
    }

    public static async Task<RescuedRows> Read(string journal, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("memcluster-rescue").FullName;
        try
        {
            var copy = Path.Combine(folder, "journal.db");
            File.Copy(journal, copy);
            if (File.Exists(journal + "-wal"))
            {
                File.Copy(journal + "-wal", copy + "-wal");
            }

            Straighten(copy);
            return await Task.Run(() => ReadCopy(copy, cancel), cancel).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public Task<IReadOnlyList<string>> Streams(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([.. _streams.Keys]);

    public async IAsyncEnumerable<StoredEvent> Of(string stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var row in _streams.GetValueOrDefault(stream) ?? [])
        {
            cancel.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    /// <summary>
    /// Puts into the header what stands there in every journal, and fills the file up to as many pages as it names (https://sqlite.org/fileformat.html, 1.3): a
    /// byte of it that is wrong must not take all rows along.
    /// </summary>
    private static void Straighten(string file)
    {
        Span<byte> header = stackalloc byte[100];
        using var bytes = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        if (bytes.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            return;
        }

        "SQLite format 3\0"u8.CopyTo(header);
        if (!BitOperations.IsPow2(BinaryPrimitives.ReadUInt16BigEndian(header[16..])) || header[16] == 0 && header[17] > 1)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[16..], 4096);
        }

        ReadOnlySpan<byte> writtenAheadAndFractions = [2, 2, 0, 64, 32, 32];
        writtenAheadAndFractions.CopyTo(header[18..]);
        BinaryPrimitives.WriteInt32BigEndian(header[44..], 4); // The schema's format,
        BinaryPrimitives.WriteInt32BigEndian(header[56..], 1); // and its texts are in UTF-8.
        var page = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size && size == 1 ? 65536 : size;
        var whole = (long)page * BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        if (whole > Most)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[28..], (uint)(bytes.Length / page)); // A bit of the count itself is wrong.
        }

        bytes.Position = 0;
        bytes.Write(header);
        if (whole > bytes.Length && whole <= Most)
        {
            bytes.SetLength(whole);
        }
    }

    private static RescuedRows ReadCopy(string copy, CancellationToken cancel)
    {
        var rescued = new RescuedRows();
        try
        {
            using var open = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString());
            open.Open();
            using var command = open.CreateCommand();
            command.CommandText = """
                SELECT persistence_id, sequence_number, coalesce(manifest, ''), coalesce(identifier, 0), message FROM journal NOT INDEXED WHERE ordering = $a AND NOT deleted
                """;
            var ordering = command.Parameters.AddWithValue("$a", 0L);
            for (long row = 1, missing = 0; missing < MostMissing; row++)
            {
                cancel.ThrowIfCancellationRequested();
                ordering.Value = row;
                missing = rescued.Take(command) ? 0 : missing + 1;
            }
        }
        catch (SqliteException)
        {
            // Not even its list of tables can be read.
        }

        foreach (var rows in rescued._streams.Values)
        {
            rows.Sort((one, other) => one.Number.CompareTo(other.Number));
        }

        return rescued;
    }

    private bool Take(SqliteCommand command)
    {
        try
        {
            using var reader = command.ExecuteReader();
            if (!reader.Read())
            {
                return false;
            }

            var stream = reader.GetString(0);
            var rows = _streams.TryGetValue(stream, out var there) ? there : _streams[stream] = [];
            rows.Add(new(reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4)));
            return true;
        }
        catch (Exception problem) when (problem is SqliteException or InvalidCastException or FormatException or OverflowException or InvalidOperationException)
        {
            return false;
        }
    }
}
