using MemCluster.Learning;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>
/// The worker processes of a trainer: started when they are needed, kept for the next trial, replaced when they have gone. There are never more than
/// threads that ask. The first one's arithmetic is the trainer's, and is tried before any trial; later ones are the same build on the same machine.
/// </summary>
internal sealed class WorkerPool(WorkerCommand command, WorkerOrders orders, TimeProvider clock, ILogger log) : IDisposable
{
    /// <summary>Half a second, on a busy machine some; where a library lies on a disk that doesn't answer it would be for ever.</summary>
    private static readonly TimeSpan ComesUpWithin = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Lock _first = new();
    /// <summary>In the order in which they were started or given back.</summary>
    private readonly List<WorkerProcess> _free = [];
    private readonly HashSet<WorkerProcess> _all = [];
    private string? _fingerprint;
    private bool _ended;

    public IReadOnlyList<int> Processes
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.Select(worker => worker.Id)];
            }
        }
    }

    /// <summary>Starts one now, if there is none.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            if (_all.Count > 0 || _ended)
            {
                return;
            }
        }

        GiveBack(Start());
    }

    /// <summary>What the first worker computes.</summary>
    /// <exception cref="UnsteadyArithmeticException">It can't be trusted.</exception>
    /// <exception cref="TrialFault">It can't be told.</exception>
    public string Fingerprint()
    {
        lock (_first)
        {
            if (_fingerprint is { } known)
            {
                return known;
            }

            var worker = Any();
            try
            {
                _fingerprint = Ready(worker, CancellationToken.None).Fingerprint ?? throw (worker.Ready!.IsUntried ? Gone() : Unfit(worker.Ready!));
                GiveBack(worker);
                return _fingerprint;
            }
            catch
            {
                LetGo(worker);
                throw;
            }
        }
    }

    /// <summary>A worker that can compute, for the caller alone until it gives it back or lets it go.</summary>
    /// <exception cref="TrialFault">There is none to be had on this machine.</exception>
    /// <exception cref="OperationCanceledException">It came too late.</exception>
    public WorkerProcess Take(TrialLimits? limits, CancellationToken stop)
    {
        var expected = Expected();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var worker = Any();
            try
            {
                if (worker.HasTrained && limits is { MemoryBytes: > 0 and var most } && ProcessLook.At(worker.Id) is { } look && look.Memory > most / 2)
                {
                    LetGo(worker); // What an earlier trial took must not be laid to this one's charge.
                    continue;
                }

                var ready = Ready(worker, stop);
                return ready.IsUntried || ready.Fingerprint == expected ? worker
                    : ready.Fingerprint is null ? throw Unfit(ready)
                    : throw new TrialFault(FaultKind.Machine, $"a worker process of this machine computes other bits than its first one: {ready.Fingerprint}, not {expected}");
            }
            catch
            {
                LetGo(worker);
                throw;
            }
        }
    }

    public void GiveBack(WorkerProcess worker)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _free.Add(worker);
                return;
            }
        }

        LetGo(worker);
    }

    /// <summary>Ends it, if it has not ended itself.</summary>
    public void LetGo(WorkerProcess worker)
    {
        lock (_gate)
        {
            _all.Remove(worker);
        }

        worker.Dispose();
    }

    /// <summary>Ends all of them, also those at work.</summary>
    public void Dispose()
    {
        WorkerProcess[] all;
        lock (_gate)
        {
            _ended = true;
            all = [.. _all];
            _all.Clear();
            _free.Clear();
        }

        foreach (var worker in all)
        {
            worker.Kill(null);
        }
    }

    private string Expected()
    {
        try
        {
            return Fingerprint();
        }
        catch (UnsteadyArithmeticException unsteady)
        {
            throw new TrialFault(FaultKind.Machine, unsteady.Message);
        }
    }

    /// <summary>A free one, or a new one.</summary>
    private WorkerProcess Any()
    {
        while (true)
        {
            WorkerProcess worker;
            lock (_gate)
            {
                if (_free.Count == 0)
                {
                    break;
                }

                // The last that has worked, else the one that will have come up first.
                worker = _free.LastOrDefault(free => free.Ready is not null) ?? _free[0];
                _free.Remove(worker);
            }

            if (!worker.HasEnded && !worker.IsKilled)
            {
                return worker;
            }

            // Between two trials, so none is harmed.
            log.WorkerEnded(worker.Id, worker.HowItEnded());
            LetGo(worker);
        }

        return Start();
    }

    private WorkerProcess Start()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        bool isFirst;
        lock (_gate)
        {
            isFirst = _all.Count == 0 && _fingerprint is null;
        }

        WorkerProcess worker;
        try
        {
            worker = WorkerProcess.Start(command, orders with { IsFirst = isFirst }, clock.GetTimestamp(), log);
        }
        catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or IOException)
        {
            throw new TrialFault(FaultKind.Machine, $"no worker process can be started here: {problem.Message}");
        }

        lock (_gate)
        {
            if (!_ended)
            {
                _all.Add(worker);
                return worker;
            }
        }

        worker.Dispose();
        throw new ObjectDisposedException(nameof(WorkerPool));
    }

    private WorkerReady Ready(WorkerProcess worker, CancellationToken stop)
    {
        if (worker.Ready is { } known)
        {
            return known;
        }

        var number = worker.NextNumber();
        WorkerReady? ready;
        using (var late = new CancellationTokenSource(ComesUpWithin, clock))
        using (late.Token.UnsafeRegister(_ => worker.KillAt(number), null))
        using (stop.UnsafeRegister(_ => ThreadPool.QueueUserWorkItem(_ => worker.KillAt(number)), null)) // The caller may hold locks.
        {
            ready = worker.AwaitReady();
            worker.Done();
        }

        stop.ThrowIfCancellationRequested();
        if (ready is null || worker.IsKilled)
        {
            throw new TrialFault(FaultKind.Machine, worker.IsKilled
                ? $"a worker process did not come up within {ComesUpWithin.TotalMinutes:0} minutes"
                : $"a worker process can't be used here: {worker.HowItEnded()}");
        }

        if (ready.Build != WorkerReady.ThisBuild)
        {
            throw new TrialFault(FaultKind.Machine, "this program was changed on disk while it runs, so its new worker processes are of another build: start it again");
        }

        log.WorkerStarted(worker.Id, clock.GetElapsedTime(worker.StartedAt).TotalSeconds);
        return ready;
    }

    /// <summary>The one that was to show its arithmetic ended before it had; the next is the first.</summary>
    private static TrialFault Gone() => new(FaultKind.Machine, "the worker process that was to show what this machine computes has ended before it had");

    private static Exception Unfit(WorkerReady ready) => ready.Unsteady is { } seen
        ? new UnsteadyArithmeticException(seen)
        : new TrialFault(FaultKind.Machine, $"a worker process can compute nothing here: {ready.Problem}");
}
