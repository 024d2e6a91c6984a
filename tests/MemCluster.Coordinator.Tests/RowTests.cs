using MemCluster.Coordinator.Reading;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>Rows of a home of their own for one test, which folds events into them.</summary>
public abstract class RowTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private protected string File => _home.Home.ReadFile;

    public void Dispose()
    {
        _home.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Fold(IEnumerable<Written> told)
    {
        using var model = new ReadModelWriter(File);
        foreach (var written in told)
        {
            model.Apply(written);
        }
    }

    /// <summary>As somebody would who is not the writer.</summary>
    private protected void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
