using System.Globalization;
using MemCluster.Hosting;

namespace MemCluster.Cli.Chaos;

/// <summary>A node that is there again whenever its process has ended, as a service manager keeps it.</summary>
/// <param name="output">File for all that it says.</param>
internal sealed class ChaosNode(ChildProcesses children, string name, string output, IReadOnlyList<string> arguments) : IDisposable
{
    /// <summary>One that ends so soon has not worked at all; the next start waits a little.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private ChildProcess? _now;
    private bool _held;
    private double _off;
    private int _inVain;

    public string Name => name;

    public string Output => output;

    /// <summary>Null while it is down.</summary>
    public int? Process => _now is { HasEnded: false } now ? now.Id : null;

    /// <summary>How often it ended by itself, and with which code last.</summary>
    public (int Times, int Code) Ends { get; private set; }

    /// <summary>How often in a row it ended as soon as it had begun.</summary>
    public int InVain => _inVain;

    public void Send(int signal) => _now?.Send(signal);

    /// <summary>Killed if it is there, and begun again.</summary>
    /// <param name="clockOff">Seconds by which its wall clock is off, until its next start.</param>
    public Task Restart(double clockOff = 0) => InTurn(async () =>
    {
        _off = clockOff;
        await Down();
        await Up();
    });

    /// <summary>Killed, and down until <see cref="Release"/>.</summary>
    public Task Hold() => InTurn(async () =>
    {
        _held = true;
        await Down();
    });

    public Task Release() => InTurn(async () =>
    {
        _held = false;
        await Up();
    });

    /// <summary>Asked to end, for good.</summary>
    public Task Stop(TimeSpan within) => InTurn(async () =>
    {
        _held = true;
        if (_now is { } now)
        {
            await now.Stop(within);
        }
    });

    /// <summary>Begins it again if it has ended; called now and then.</summary>
    public Task Keep() => InTurn(async () =>
    {
        if (_held || _now is not { HasEnded: true } ended)
        {
            return;
        }

        Ends = (Ends.Times + 1, ended.ExitCode);
        _inVain = ended.Age < Soon ? _inVain + 1 : 0;
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(2000, 200 * _inVain)));
        await Up();
    });

    public void Dispose()
    {
        _held = true;
        _now?.Dispose();
        _turn.Dispose();
    }

    private async Task Down()
    {
        if (_now is { } now)
        {
            await now.Kill();
            now.Dispose();
            _now = null;
        }
    }

    private async Task Up()
    {
        _now?.Dispose();
        _now = await children.Memcluster(arguments, output, new Dictionary<string, string?>
        {
            [NodeClock.Variable] = _off == 0 ? null : _off.ToString(CultureInfo.InvariantCulture),
        });
    }

    private async Task InTurn(Func<Task> work)
    {
        await _turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
