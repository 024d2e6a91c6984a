namespace MemCluster.Coordinator;

/// <summary>The tables of a SQLite journal, as Akka.Persistence.Sql knows them.</summary>
internal static class SqliteTables
{
    /// <summary>
    /// The unique key of the journal is the last fence. Version 1 was made by Akka.Persistence.Sql itself, with four more indexes that no question
    /// asked here uses and every write had to keep.
    /// </summary>
    public const string Current = """
        CREATE TABLE journal (
            ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            created INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            persistence_id TEXT NOT NULL,
            sequence_number INTEGER NOT NULL,
            message BLOB NOT NULL,
            tags TEXT,
            manifest TEXT,
            identifier INTEGER,
            writer_uuid TEXT);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE snapshot (
            persistence_id TEXT NOT NULL,
            sequence_number INTEGER NOT NULL,
            created INTEGER NOT NULL,
            snapshot BLOB,
            manifest TEXT,
            serializer_id INTEGER,
            PRIMARY KEY (persistence_id, sequence_number));
        """;

    /// <summary>From version 1 to 2.</summary>
    public const string From1 = """
        DROP INDEX IF EXISTS journal_created_idx;
        DROP INDEX IF EXISTS journal_sequence_number_idx;
        DROP INDEX IF EXISTS snapshot_created_idx;
        DROP INDEX IF EXISTS snapshot_sequence_number_idx;
        """;
}
