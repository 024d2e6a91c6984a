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
    /// Ends the process now: a thread or a shutdown hook that doesn't come to an end must not keep it, and where it trained a trial itself (a replay, a system
    /// without workers) libtorch must not be torn down under the thread that is in it, which would end in SIGSEGV. Its worker processes end with it.
    /// Everything that counts is in the journal.
    /// </summary>
    public static void Leave(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.Exit(code);
        }

        TidyUp();
        ExitAtOnce(code);
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

    /// <summary>As the runtime would: the sockets by which debuggers find this process.</summary>
    private static void TidyUp()
    {
        try
        {
            foreach (var kind in (string[])["dotnet-diagnostic", "clr-debug-pipe"])
            {
                foreach (var left in Directory.EnumerateFiles(Path.GetTempPath(), $"{kind}-{Environment.ProcessId}-*"))
                {
                    File.Delete(left);
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitAtOnce(int code);
}
