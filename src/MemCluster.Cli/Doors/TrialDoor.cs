using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary>Trains one trial in this process.</summary>
internal static class TrialDoor
{
    /// <summary>Done when the thread is, also when it was stopped: a process that ends with a thread in libtorch dies of it.</summary>
    /// <exception cref="UserError">This machine can't compute as the trial asks, or has not got its data.</exception>
    public static async Task<TrialOutcome> Train(Retraining asked, CancellationToken stop)
    {
        if (asked.Settings.Network.Kind != NetworkSettings.Sleep && Unable(asked.Settings.Numerics.InstructionSet) is { } problem)
        {
            throw new UserError(problem);
        }

        var data = new DataSource(DataFolder.Find(asked.Data));
        var ended = new TaskCompletionSource<TrialOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(data, asked, ended, stop)) { IsBackground = true, Name = "replay" };
        thread.Start();
        try
        {
            return await ended.Task;
        }
        finally
        {
            thread.Join();
        }
    }

    /// <summary>Before libtorch is loaded, or it is too late.</summary>
    private static string? Unable(string set) =>
        (set == NumericsSettings.Cuda ? ComputeDevice.Choose("cuda:0") : null) ?? NumericsPin.Pin(set);

    private static void Run(DataSource data, Retraining asked, TaskCompletionSource<TrialOutcome> ended, CancellationToken stop)
    {
        try
        {
            ended.SetResult(TrialRun.Run(asked.Settings, data, asked.Measured, TimeProvider.System, stop, TrialCourse.Whole, asked.Kept));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            ended.SetCanceled(stop);
        }
        catch (DataProblem missing)
        {
            ended.SetException(new UserError(missing.Message, missing));
        }
        catch (InvalidOperationException failure)
        {
            ended.SetException(new UserError($"The trial can't be trained here: {failure.Message}", failure));
        }
        catch (Exception broken)
        {
            ended.SetException(broken);
        }
    }
}
