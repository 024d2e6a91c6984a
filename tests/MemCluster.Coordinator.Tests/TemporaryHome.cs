using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>A home of its own for one test.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public Home Home { get; } = new(Directory.CreateTempSubdirectory("memcluster-test-").FullName);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Home.Folder, recursive: true);
    }
}
