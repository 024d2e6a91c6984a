using System.Diagnostics;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>A worker process as its trainer has it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Frames _frames;
    private readonly WorkerVoice _voice;
    private readonly Lock _gate = new();
    private long _number;
    private TrialFault? _fault;
    private bool _isKilled;
    private bool _isGone;

    private WorkerProcess(Process process, long startedAt, ILogger log)
    {
        (_process, StartedAt) = (process, startedAt);
        _frames = new(process.StandardOutput.BaseStream, process.StandardInput.BaseStream);
        _voice = new(process.StandardError.BaseStream, line => log.WorkerSays(Id, line));
        Id = process.Id;
    }

    public int Id { get; }

    /// <summary>On its trainer's clock.</summary>
    public long StartedAt { get; }

    /// <summary>What its arithmetic is like; null until it has said so.</summary>
    public WorkerReady? Ready { get; private set; }

    /// <summary>Whether it has trained a trial: what it took for that it may not have given back.</summary>
    public bool HasTrained { get; set; }

    public bool HasEnded => _process.HasExited;

    /// <summary>It was ended by us, though it may still look as if it lived.</summary>
    public bool IsKilled
    {
        get
        {
            lock (_gate)
            {
                return _isKilled;
            }
        }
    }

    /// <summary>Why it was ended by us; null where it was not.</summary>
    public TrialFault? Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
    }

    /// <exception cref="System.ComponentModel.Win32Exception">It can't be started.</exception>
    public static WorkerProcess Start(WorkerCommand command, WorkerOrders orders, long now, ILogger log)
    {
        var worker = new WorkerProcess(ProcessStarter.Start(command.ToStart()), now, log);
        worker.Send(WorkerWord.Orders, WorkerBytes.OfJson(orders));
        return worker;
    }

    /// <summary>Waits until it can compute, or has found that it can't.</summary>
    /// <returns>Null if it has ended instead.</returns>
    public WorkerReady? AwaitReady() => Ready ??= Receive()?.Json<WorkerReady>();

    /// <summary>Something new begins: what is said to stop names its number, so that it hits nothing later.</summary>
    public long NextNumber()
    {
        lock (_gate)
        {
            return ++_number;
        }
    }

    /// <summary>What had the last number is over.</summary>
    public void Done() => NextNumber();

    /// <summary>Where it has ended nothing is sent; that is heard soon.</summary>
    public void Send(WorkerWord word, byte[] content)
    {
        try
        {
            _frames.Send(word, content);
        }
        catch (IOException)
        {
        }
    }

    /// <returns>Null if it has ended, or is to.</returns>
    public Frame? Receive(int mostBytes = Frames.MostBytes)
    {
        try
        {
            return _frames.Receive(mostBytes);
        }
        catch (FormatException nonsense)
        {
            Kill(new(FaultKind.Crashed, nonsense.Message));
            return null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Tells it to stop with a task; if it is still at that after this long it is ended.</summary>
    public async Task Stop(long number, TimeSpan grace, TimeProvider clock)
    {
        Send(WorkerWord.Stop, WorkerBytes.OfNumber(number));
        await Task.Delay(grace, clock).ConfigureAwait(false);
        KillAt(number);
    }

    /// <summary>Ends it if it is still at this.</summary>
    public void KillAt(long number)
    {
        lock (_gate)
        {
            if (_number == number)
            {
                Kill(null);
            }
        }
    }

    /// <param name="fault">What is told of the attempt; null where that is known otherwise.</param>
    public void Kill(TrialFault? fault)
    {
        lock (_gate)
        {
            if (!_isGone)
            {
                _fault ??= fault;
                _isKilled = true;
                _process.Kill();
            }
        }
    }

    /// <summary>How it ended, by itself or by somebody else, as the end of a sentence: <c>its process ended with SIGSEGV (signal 11)</c>. Waits for it.</summary>
    public string HowItEnded()
    {
        if (!_process.WaitForExit(EndsWithin))
        {
            Kill(null);
            _process.WaitForExit();
            return "its process closed its end of the conversation and did not end";
        }

        var last = _voice.LastLine;
        return $"its process ended with {ExitWords.Of(_process.ExitCode)}{(last is null ? "" : $"; its last line: {last}")}";
    }

    public void Dispose()
    {
        Kill(null);
        lock (_gate)
        {
            if (_isGone)
            {
                return;
            }

            _isGone = true;
        }

        _frames.Dispose();
        _process.WaitForExit(EndsWithin);
        _process.Dispose();
    }
}
