using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Reading;

/// <summary>What the rows are asked, by whoever reads beside their writer.</summary>
internal static class RowQuestions
{
    /// <param name="parameters">$a, $b, … in order.</param>
    public static IEnumerable<SqliteDataReader> Rows(this SqliteConnection connection, string sql, params object[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < parameters.Length; index++)
        {
            command.Parameters.AddWithValue($"${(char)('a' + index)}", parameters[index]);
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader;
        }
    }
}
