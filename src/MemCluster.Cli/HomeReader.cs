using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary>Whoever answers for a home or an address, given back when the verb is done.</summary>
internal sealed class HomeReader(IOperator? answerer) : IAsyncDisposable
{
    /// <summary>Null only where the home need not be there.</summary>
    public IOperator? Operator { get; } = answerer;

    /// <exception cref="UserError">Nobody answers.</exception>
    public static async Task<HomeReader> Open(Doors doors, Reach reach, string home)
    {
        if (reach.Address is not null)
        {
            return new(doors.At(reach));
        }

        return Directory.Exists(home)
            ? new(await doors.OpenHome(home, reach))
            : throw new UserError($"There is no home at {home}. Begin a sweep with: memcluster run SPEC   or say --home DIR, or --at HOST:PORT");
    }

    public static async Task<HomeReader> OpenIfThere(Doors doors, string home) => new(Directory.Exists(home) ? await doors.OpenHome(home, Reach.Home) : null);

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
