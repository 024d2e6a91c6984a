using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>A home of its own for one test.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public Home Home { get; } = new(Directory.CreateTempSubdirectory("memcluster-test-").FullName);

    public void Dispose()
    {
        for (var more = 20; ; more--)
        {
            try
            {
                SqliteConnection.ClearAllPools();
                Directory.Delete(Home.Folder, recursive: true);
                return;
            }
            catch (IOException) when (more > 0)
            {
                // An actor that looked at the database just now, and closes it, makes or removes a file beside it.
                Thread.Sleep(50);
            }
        }
    }
}
