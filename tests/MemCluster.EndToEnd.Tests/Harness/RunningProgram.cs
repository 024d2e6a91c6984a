using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace MemCluster.EndToEnd.Tests;

/// <summary>How a process ended, and all that it said.</summary>
internal sealed record Ended(int Code, string Output, string Error, TimeSpan After)
{
    public string All => $"exit {Code} after {After.TotalSeconds:0.0} s\n--- output\n{Output}\n--- error\n{Error}";
}

/// <summary>A process under test. It never outlives its test, nor the test run.</summary>
internal sealed class RunningProgram : IDisposable
{
    private static readonly ConcurrentDictionary<RunningProgram, byte> Alive = new();
    private readonly Process _process;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];
    private readonly string _what;

    static RunningProgram() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var program in Alive.Keys)
        {
            program.Dispose();
        }
    };

    private RunningProgram(Process process, string what) => (_process, _what) = (process, what);

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> Lines => Snapshot(_output);

    public IReadOnlyList<string> ErrorLines => Snapshot(_error);

    /// <summary>The most memory it had at once, in bytes; as it was last seen alive.</summary>
    public long PeakMemory { get; private set; }

    /// <param name="environment">Set on top of this process's own; null removes one.</param>
    public static RunningProgram Start(
        string executable, IEnumerable<string> arguments, string folder, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var start = new ProcessStartInfo(executable)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (Signals.CtrlCIsIgnoredHere)
        {
            start.FileName = "env";
            start.ArgumentList.Add("--default-signal=INT");
            start.ArgumentList.Add(executable);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var program = new RunningProgram(process, $"{Path.GetFileName(executable)} {string.Join(' ', start.ArgumentList)}");
        process.OutputDataReceived += (_, line) => Add(program._output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(program._error, line.Data);
        process.Start();
        Alive[program] = 0;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    public void Send(Signal signal) => Signals.Send(Id, signal);

    /// <summary>Waits for a line of standard output, and gives it.</summary>
    public async Task<string> Says(string part, TimeSpan? within = null)
    {
        await Until(() => Lines.Any(line => line.Contains(part, StringComparison.Ordinal)), $"say '{part}'", within);
        return Lines.First(line => line.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Waits until so many trials have ended, by the plain lines of <c>run</c>.</summary>
    public Task HasFinished(int trials) => Until(
        () => Lines.Count(line => line.StartsWith("trial ", StringComparison.Ordinal) && line.Contains("  finished", StringComparison.Ordinal)) >= trials,
        $"finish {trials} trials");

    /// <exception cref="TimeoutException">It doesn't end; the message holds all that it said.</exception>
    public async Task<Ended> Ends(TimeSpan? within = null)
    {
        var limit = within ?? Workplace.Patience;
        using var stop = new CancellationTokenSource(limit);
        try
        {
            while (!_process.HasExited)
            {
                NoteMemory();
                await Task.Delay(10, stop.Token);
            }

            // All that is left in the pipes.
            var after = _clock.Elapsed;
            await _process.WaitForExitAsync(stop.Token);
            return Now(_process.ExitCode, after);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_what} did not end within {limit.TotalSeconds:0} s.\n{Now(-1, _clock.Elapsed).All}");
        }
    }

    public void Dispose()
    {
        if (!Alive.TryRemove(this, out _))
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(10_000);
        }

        _process.Dispose();
    }

    /// <summary>Waits until it is so; what it should have done stands in the message if it never is.</summary>
    public async Task Until(Func<bool> done, string what, TimeSpan? within = null)
    {
        var limit = within ?? Workplace.Patience;
        var clock = Stopwatch.StartNew();
        while (!done())
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync();
                if (!done())
                {
                    throw new InvalidOperationException($"{_what} ended and did not {what}.\n{Now(_process.ExitCode, _clock.Elapsed).All}");
                }
            }
            else if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"{_what} did not {what} within {limit.TotalSeconds:0} s.\n{Now(-1, _clock.Elapsed).All}");
            }

            await Task.Delay(10);
        }
    }

    private Ended Now(int code, TimeSpan after) => new(code, Joined(Lines), Joined(ErrorLines), after);

    private void NoteMemory()
    {
        try
        {
            var high = File.ReadLines($"/proc/{Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (high is not null)
            {
                PeakMemory = long.Parse(high["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
            }
        }
        catch (IOException)
        {
            // It has just ended.
        }
    }

    private static void Add(List<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }

    private static IReadOnlyList<string> Snapshot(List<string> lines)
    {
        lock (lines)
        {
            return [.. lines];
        }
    }

    private static string Joined(IReadOnlyList<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
