using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MemCluster.Operations;

namespace MemCluster.Cli.Chaos;

/// <summary>
/// Starts processes that don't outlive this one, however it ends: the kernel kills them when the thread that started them is gone (PR_SET_PDEATHSIG, set by
/// <c>setpriv</c> of util-linux), so one thread starts all and stays. A session of their own keeps the terminal's Ctrl-C from them; SIGXFSZ is ignored, as
/// a full disk is an error of a write and no signal.
/// </summary>
internal sealed class ChildProcesses : IDisposable
{
    /// <summary>Runs what follows two words: a file for all that it says, and who must be its parent, or it came too late to be killed with it.</summary>
    private const string Wrapper = """trap "" XFSZ; out=$1; parent=$2; shift 2; [ "$PPID" = "$parent" ] && exec "$@" >>"$out" 2>&1 </dev/null""";

    private readonly BlockingCollection<Action> _starts = [];
    private readonly Thread _thread;

    public ChildProcesses()
    {
        _thread = new Thread(() =>
        {
            foreach (var start in _starts.GetConsumingEnumerable())
            {
                start();
            }
        })
        {
            IsBackground = true,
            Name = "children",
        };
        _thread.Start();
    }

    /// <exception cref="UserError">This machine can't start processes so.</exception>
    public async Task Check()
    {
        try
        {
            using var trial = await Started(["setpriv", "--pdeathsig", "KILL", "--", "setsid", "sh", "-c", "exit 7"], new Dictionary<string, string?>());
            await trial.WaitForExitAsync();
            if (trial.ExitCode == 7)
            {
                return;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
        }

        throw new UserError("chaos needs Linux with setpriv and setsid (package util-linux): without them its processes could outlive it. Nothing was started.");
    }

    /// <param name="arguments">Of memcluster.</param>
    /// <param name="output">File to which all that it says is added.</param>
    public async Task<ChildProcess> Memcluster(IReadOnlyList<string> arguments, string output, IReadOnlyDictionary<string, string?> environment) => new(await Started(
        [
            "setpriv", "--pdeathsig", "KILL", "--", "setsid", "sh", "-c", Wrapper, "chaos", output, Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            .. Itself, .. arguments,
        ],
        environment));

    public void Dispose() => _starts.CompleteAdding();

    /// <summary>This program, as it was started.</summary>
    private static IEnumerable<string> Itself => Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet"
        ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "memcluster.dll")]
        : [Environment.ProcessPath!];

    private Task<Process> Started(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception problem)
            {
                started.SetException(problem);
            }
        });
        return started.Task;
    }
}

/// <summary>One of them.</summary>
internal sealed class ChildProcess(Process process) : IDisposable
{
    private readonly long _began = Stopwatch.GetTimestamp();

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>Once it has ended.</summary>
    public int ExitCode => process.ExitCode;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_began);

    /// <summary>Nothing where it has ended.</summary>
    public void Send(int signal)
    {
        if (!process.HasExited)
        {
            Kernel.Send(process.Id, signal);
        }
    }

    /// <summary>Done when it is gone: what it held, locks and ports, is free.</summary>
    public async Task Kill()
    {
        Send(Kernel.Kill);
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, and doesn't ask any more after so long.</summary>
    public async Task Stop(TimeSpan within)
    {
        Send(Kernel.Terminate);
        try
        {
            await process.WaitForExitAsync().WaitAsync(within);
        }
        catch (TimeoutException)
        {
            await Kill();
        }
    }

    public void Dispose()
    {
        Send(Kernel.Kill);
        process.Dispose();
    }
}
