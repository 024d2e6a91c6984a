using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary>Whoever answers for a home or an address, given back when the verb is done.</summary>
internal sealed class HomeReader(IOperator? answerer) : IAsyncDisposable
{
    /// <summary>Null only where the home need not be there.</summary>
    public IOperator? Operator { get; } = answerer;

    /// <exception cref="UserError">Nobody answers.</exception>
    public static async Task<HomeReader> Open(Doors doors, Reach reach, string home, CancellationToken cancel)
    {
        if (reach.Address is not null)
        {
            return new(doors.At(reach));
        }

        return IsThere(home)
            ? new(await doors.OpenHome(home, reach, cancel))
            : throw new UserError($"There is no home at {home}. Begin a sweep with: memcluster run SPEC   or say --home DIR, or --at HOST:PORT");
    }

    public static async Task<HomeReader> OpenIfThere(Doors doors, string home, CancellationToken cancel) =>
        new(IsThere(home) ? await doors.OpenHome(home, Reach.Home, cancel) : null);

    /// <summary>A folder that one may not look into seems empty to whoever asks for its files one by one; what is in it is not nothing.</summary>
    /// <exception cref="UserError">It is there, and may not be read.</exception>
    public static bool IsThere(string home)
    {
        try
        {
            if (!Directory.Exists(home))
            {
                return false;
            }

            foreach (var file in Directory.EnumerateFiles(home, "*.db"))
            {
                using var readable = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }

            return true;
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserError($"You have no permission to read the home {home}. Its owner can give it, or name another with --home DIR.");
        }
        catch (FileNotFoundException)
        {
            return true; // Somebody is at work there.
        }
    }

    public async ValueTask DisposeAsync()
    {
        switch (Operator)
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync();
                break;
            case IDisposable plain:
                plain.Dispose();
                break;
        }
    }
}
