using System.Runtime.InteropServices;

namespace MemCluster.Hosting;

/// <summary>Ctrl-C, SIGTERM and a closed terminal as one thing to wait for. A second Ctrl-C ends the process at once.</summary>
public sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<PosixSignal> _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Heard)),
    ];

    /// <summary>Done at the first signal.</summary>
    public Task<PosixSignal> Signal => _signal.Task;

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>What a process ends with that had nothing to hand back: 130 after Ctrl-C, 0 after the others. Done at the first signal.</summary>
    public async Task<int> ExitCode() => await Signal.ConfigureAwait(false) == PosixSignal.SIGINT ? 130 : 0;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Heard(PosixSignalContext context)
    {
        if (_signal.TrySetResult(context.Signal))
        {
            context.Cancel = true;
            _stop.Cancel();
        }
    }
}
