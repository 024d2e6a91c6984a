using MemCluster.Learning;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>
/// Training in processes of its own, one for each trial that is in training: what ends, fills or hangs such a process costs that attempt, and neither the
/// trainer nor its other trials. Trials that only wait are trained in this process, which then needs no libtorch.
/// </summary>
public sealed class WorkerTraining : ITraining, IDisposable
{
    /// <summary>What has not stopped after this long is ended. In-between two batches takes far less, unless it hangs.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly WorkerPool _pool;
    private readonly Training _here;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    internal WorkerTraining(WorkerCommand command, WorkerOrders orders, TimeProvider clock, ILogger log)
    {
        (_clock, _log) = (clock, log);
        _pool = new(command, orders, clock, log);
        _here = new(new DataSource(DataFolder.Find(orders.Data)), clock);
    }

    /// <summary>By workers that are this program, pinned as this process is to be.</summary>
    /// <param name="data">Folder to look for data sets in first; null: the usual places.</param>
    public static WorkerTraining Of(string? data, string instructionSet, ILoggerFactory logs) => new(
        WorkerCommand.OfThisProgram(), new(data, instructionSet, ComputeDevice.Name), TimeProvider.System, logs.CreateLogger<WorkerTraining>());

    /// <summary>Starts a worker now, that will be needed soon; why it can't be is told to who needs it.</summary>
    public void Begin() => ThreadPool.QueueUserWorkItem(_ =>
    {
        try
        {
            _pool.Begin();
        }
        catch (Exception problem) when (problem is TrialFault or ObjectDisposedException)
        {
        }
    });

    /// <summary>Of the workers that there are now.</summary>
    internal IReadOnlyList<int> Processes => _pool.Processes;

    public string Fingerprint() => _pool.Fingerprint();

    public TrialOutcome Train(TrialAssignment trial, TrialCourse course, Action begun, Action<EpochMeasures> measured, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(course);
        ArgumentNullException.ThrowIfNull(begun);
        ArgumentNullException.ThrowIfNull(measured);
        if (trial.Settings.Network.Kind == NetworkSettings.Sleep)
        {
            return _here.Train(trial, course, begun, measured, stop);
        }

        var worker = _pool.Take(trial.Limits, stop);
        WorkerEnd? end = null;
        try
        {
            begun();
            end = Talk(worker, trial, course, measured, stop);
        }
        finally
        {
            worker.Done();
            if (end is null or { Fault: FaultKind.Machine } || worker.IsKilled)
            {
                _pool.LetGo(worker); // Also one that lacked memory or a disk: the next trial finds a process as new.
            }
            else
            {
                _pool.GiveBack(worker);
            }
        }

        stop.ThrowIfCancellationRequested(); // Some of its epochs may have been passed over.
        return end switch
        {
            { Outcome: { } outcome } => outcome,
            { Unable: { } why } => throw new DataProblem(why),
            { Fault: { } fault } => throw new TrialFault(fault, end.Error ?? ""),
            _ => throw new InvalidOperationException("A worker process stopped that nobody had told to."),
        };
    }

    /// <summary>Ends all workers, also those at work.</summary>
    public void Dispose() => _pool.Dispose();

    private WorkerEnd Talk(WorkerProcess worker, TrialAssignment trial, TrialCourse course, Action<EpochMeasures> measured, CancellationToken stop)
    {
        var number = worker.NextNumber();
        using var watch = new WorkerWatch(worker, trial.Limits, _clock);

        // Never on the caller's thread, who may hold locks: what is sent may have to wait.
        using var asked = stop.UnsafeRegister(_ => ThreadPool.QueueUserWorkItem(_ => _ = worker.Stop(number, Grace, _clock)), null);
        worker.HasTrained = true;
        worker.Send(WorkerWord.Train, new WorkerTask(number, trial.Settings, trial.Kept, course.Keeps, course.Keep, course.From).ToBytes());
        while (true)
        {
            var frame = Next();
            if (frame.Word == WorkerWord.End)
            {
                return frame.Json<WorkerEnd>();
            }

            try
            {
                stop.ThrowIfCancellationRequested();
                Answer(frame);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // It hears of that too, and says its end.
            }
        }

        void Answer(Frame frame)
        {
            if (frame.Word == WorkerWord.Epoch)
            {
                watch.Answers(() => measured(frame.Read(MemoryBytes.ReadEpoch)));
            }
            else if (frame.Word == WorkerWord.Found)
            {
                watch.Answers(() => course.Found(frame.Read(MemoryBytes.ReadFinding)));
            }
            else if (frame.Word == WorkerWord.Between)
            {
                watch.Answers(() => course.Between?.Invoke(Take));
                worker.Send(WorkerWord.GoOn, WorkerBytes.OfNumber(number));
            }
        }

        TrialMemory? Take()
        {
            worker.Send(WorkerWord.Take, WorkerBytes.OfNumber(number));
            var memory = Next(Frames.MostMemoryBytes);
            return memory.Word != WorkerWord.Memory || memory.Content.Length == 0 ? null : memory.Read(MemoryBytes.Read);
        }

        Frame Next(int mostBytes = Frames.MostBytes) => worker.Receive(mostBytes) ?? throw Gone(worker, stop);
    }

    private Exception Gone(WorkerProcess worker, CancellationToken stop)
    {
        if (worker.Fault is { } fault)
        {
            _log.WorkerEnded(worker.Id, fault.Message);
            return fault;
        }

        if (stop.IsCancellationRequested)
        {
            return new OperationCanceledException(stop);
        }

        var how = worker.HowItEnded();
        _log.WorkerEnded(worker.Id, how);
        return new TrialFault(FaultKind.Crashed, how);
    }
}
