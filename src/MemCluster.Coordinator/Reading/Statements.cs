using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// What is said to one database: each statement is prepared once and run ten thousand times a second, in a transaction that lasts from
/// <see cref="Begin"/> to <see cref="Commit"/>. The connection is closed with it. Used by one thread at a time.
/// </summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private SqliteTransaction? _transaction;

    /// <summary>No second time within a transaction.</summary>
    public void Begin() => _transaction ??= connection.BeginTransaction();

    public void Commit()
    {
        _transaction?.Commit();
        _transaction?.Dispose();
        _transaction = null;
    }

    /// <param name="values">Parameters $a, $b, … in order.</param>
    /// <returns>The first value of the first row; null if there is none.</returns>
    public object? Run(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var index = 0; index < values.Length; index++)
            {
                command.Parameters.Add(new SqliteParameter($"${(char)('a' + index)}", null));
            }

            _commands[sql] = command;
        }

        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        command.Transaction = _transaction;
        var result = command.ExecuteScalar();
        return result is DBNull ? null : result;
    }

    /// <summary>What was not committed has never been.</summary>
    public void Dispose()
    {
        _transaction?.Dispose();
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }
}
