using System.Collections.Concurrent;
using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>The worker's side of the conversation. One thread hears, so that a word to stop is heard in the middle of an epoch; one trains.</summary>
/// <param name="exit">Ends the process, with this code: nobody hears any more.</param>
internal sealed class WorkerLoop(Frames frames, Action<int> exit)
{
    private readonly BlockingCollection<Frame> _heard = [];
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stop;
    private long _number;
    private long _stopped;
    private DataSource? _data;

    public void Serve()
    {
        new Thread(Hear) { IsBackground = true, Name = "hears" }.Start();
        foreach (var frame in _heard.GetConsumingEnumerable())
        {
            switch (frame.Word)
            {
                case WorkerWord.Orders:
                    Say(WorkerWord.Ready, WorkerBytes.OfJson(Prepare(frame.Json<WorkerOrders>())));
                    break;
                case WorkerWord.Train:
                    var task = WorkerTask.Read(frame.Content);
                    Say(WorkerWord.End, WorkerBytes.OfJson(Train(task)));
                    break;
                default:
                    break; // An answer about a task that has ended.
            }
        }
    }

    /// <summary>
    /// The first worker loads libtorch and tries what it computes. Later ones load it for their first trial that computes: most of their start is that, and a trainer
    /// of many slots starts many at once.
    /// </summary>
    private WorkerReady Prepare(WorkerOrders orders)
    {
        try
        {
            _data = new(DataFolder.Find(orders.Data));
            var isCard = orders.Device != ComputeDevice.Cpu;
            var problem = NumericsPin.Pin(isCard ? NumericsSettings.Avx2 : orders.InstructionSet);
            if (isCard)
            {
                problem = ComputeDevice.Choose(orders.Device); // If the processor can't be pinned, the card still computes as it does.
            }

            return problem is not null ? new(null, Problem: problem)
                : orders.IsFirst ? new(Fingerprint.Compute())
                : new(null) { IsUntried = true };
        }
        catch (UnsteadyArithmeticException fault)
        {
            return new(null, Unsteady: fault.What);
        }
        catch (Exception problem)
        {
            return new(null, Problem: TrialFault.Of(problem).Error);
        }
    }

    private WorkerEnd Train(WorkerTask task)
    {
        using var stop = new CancellationTokenSource();
        lock (_gate)
        {
            (_stop, _number) = (stop, task.Number);
            if (_stopped >= task.Number)
            {
                stop.Cancel();
            }
        }

        try
        {
            return new(TrialRun.Run(
                task.Settings, _data!,
                epoch => Say(WorkerWord.Epoch, WorkerBytes.Of(writer => MemoryBytes.WriteEpoch(writer, epoch))),
                TimeProvider.System, stop.Token,
                new(task.From, take => Between(task.Number, take, stop.Token), task.Keeps)
                {
                    Keep = task.Keep,
                    Found = found => Say(WorkerWord.Found, WorkerBytes.Of(writer => MemoryBytes.WriteFinding(writer, found))),
                },
                task.Kept));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new();
        }
        catch (DataProblem missing)
        {
            return new(Unable: missing.Message);
        }
        catch (Exception error)
        {
            var (kind, sentence) = TrialFault.Of(error);
            return new(Fault: kind, Error: sentence);
        }
        finally
        {
            lock (_gate)
            {
                _stop = null;
            }
        }
    }

    private void Between(long number, Func<TrialMemory?> take, CancellationToken stop)
    {
        Say(WorkerWord.Between, []);
        while (true)
        {
            var answer = _heard.Take(stop);
            switch (answer.Word)
            {
                case WorkerWord.GoOn when answer.Number() == number:
                    return;
                case WorkerWord.Take when answer.Number() == number:
                    Say(WorkerWord.Memory, take() is { } memory ? WorkerBytes.Of(writer => MemoryBytes.Write(writer, memory)) : []);
                    break;
                default:
                    break; // About another task, which was told to stop while its answer was under way.
            }
        }
    }

    private void Hear()
    {
        try
        {
            while (frames.Receive(Frames.MostMemoryBytes) is { } frame)
            {
                if (frame.Word == WorkerWord.Stop)
                {
                    StopTask(frame.Number());
                }
                else
                {
                    _heard.Add(frame);
                }
            }
        }
        catch (Exception problem) when (problem is IOException or FormatException)
        {
        }

        exit(0);
    }

    private void StopTask(long number)
    {
        lock (_gate)
        {
            _stopped = Math.Max(_stopped, number);
            if (_number == number)
            {
                _stop?.Cancel();
            }
        }
    }

    private void Say(WorkerWord word, byte[] content)
    {
        try
        {
            frames.Send(word, content);
        }
        catch (IOException)
        {
            exit(0);
        }
    }
}
