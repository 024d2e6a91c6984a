namespace MemCluster.Coordinator;

/// <summary>The tables of a PostgreSQL journal, as Akka.Persistence.Sql knows them, and our own two.</summary>
internal static class PostgresTables
{
    /// <summary>The unique key of the journal is the last fence: of two coordinators that write the same stream, the second is refused.</summary>
    public const string Events = """
        CREATE TABLE journal (
            ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created bigint NOT NULL,
            deleted boolean NOT NULL,
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            message bytea NOT NULL,
            tags text,
            manifest text,
            identifier integer,
            writer_uuid text,
            CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
        CREATE TABLE snapshot (
            persistence_id text NOT NULL,
            sequence_number bigint NOT NULL,
            created bigint NOT NULL,
            snapshot bytea,
            manifest text,
            serializer_id integer,
            PRIMARY KEY (persistence_id, sequence_number));
        """;

    /// <summary>The lease tells a coordinator that is about to found a cluster whether another is at work on the journal already.</summary>
    public const string Current = Events + """
        CREATE TABLE memcluster_lease (node text NOT NULL, seen_at timestamptz NOT NULL);
        CREATE TABLE memcluster_schema (version integer NOT NULL, journal uuid NOT NULL);
        INSERT INTO memcluster_schema VALUES (2, gen_random_uuid());
        """;

    /// <summary>
    /// What is there is kept under another name, and empty tables take its place: another journal, so that rows made from the old one are not taken for its.
    /// </summary>
    /// <param name="aside">Of the events; one that is free.</param>
    public static string SetAside(string aside) => $"""
        ALTER TABLE journal RENAME TO {aside};
        ALTER TABLE {aside} RENAME CONSTRAINT journal_uq TO {aside}_uq;
        DROP TABLE snapshot;
        {Events}
        UPDATE memcluster_schema SET journal = gen_random_uuid();
        """;
}
