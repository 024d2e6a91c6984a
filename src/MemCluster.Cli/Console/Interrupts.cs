using System.Runtime.InteropServices;

namespace MemCluster.Cli;

/// <summary>Ctrl-C, SIGTERM and a terminal that closed as a token. The second one doesn't ask any more.</summary>
public sealed partial class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interrupts() => _signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Heard)),
    ];

    public CancellationToken Token => _asked.Token;

    /// <summary>
    /// Ends the process now: a training thread or a shutdown hook that doesn't come to an end must not keep it. Everything that counts is in
    /// the journal.
    /// </summary>
    public static void Leave(int code)
    {
        new Thread(() =>
        {
            Thread.Sleep(250);
            if (!OperatingSystem.IsWindows())
            {
                ExitAtOnce(code);
            }
        })
        { IsBackground = true }.Start();
        Environment.Exit(code);
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _asked.Dispose();
    }

    private void Heard(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_asked.IsCancellationRequested)
        {
            Leave(ExitCodes.Interrupted);
        }

        // On a thread of its own: what follows from it must not run on the signal's.
        ThreadPool.QueueUserWorkItem(_ => _asked.Cancel());
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitAtOnce(int code);
}
