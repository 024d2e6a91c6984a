namespace MemCluster.Coordinator;

/// <summary>What both databases are asked in the same words.</summary>
internal static class JournalQuestions
{
    /// <summary>Events are never deleted, so every stream runs from 1 to the number of its events.</summary>
    public const string Holes = """
        SELECT persistence_id FROM journal GROUP BY persistence_id
        HAVING min(sequence_number) <> 1 OR max(sequence_number) <> count(*) ORDER BY persistence_id LIMIT 20
        """;

    public const string Kinds = """
        SELECT DISTINCT coalesce(manifest, ''), coalesce(identifier, 0) FROM journal
        UNION SELECT DISTINCT coalesce(manifest, ''), coalesce(serializer_id, 0) FROM snapshot ORDER BY 1
        """;
}
