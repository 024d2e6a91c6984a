using MemCluster.Messages;
using MemCluster.Operations.Replaying;
using MemCluster.Sweeps;

namespace MemCluster.Cli;

/// <summary>A recorded trial that is trained again here, and compared as it goes.</summary>
internal static class Retrained
{
    /// <param name="data">Folder to look for data sets in first; null: the usual places.</param>
    /// <param name="name">Of the trial, for the progress line.</param>
    public static async Task<Replay> Of(RecordedTrial recorded, string? data, string name, Doors doors, Terminal terminal, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var replay = new Replay(recorded.Epochs, recorded.Outcome);
        var progress = new TrainingProgress(doors.Clock, terminal, name, recorded.Outcome.Epochs);
        var training = doors.Train(new(recorded.Settings, recorded.Kept, data, Heard), stop.Token);
        try
        {
            replay.End(await progress.While(training, cancel));
        }
        catch (OperationCanceledException) when (replay.IsOver && !cancel.IsCancellationRequested)
        {
            // The weights forked: more epochs would say nothing more.
        }
        finally
        {
            if (!cancel.IsCancellationRequested)
            {
                // A screen that is lost, say, must not let the process end under a thread in libtorch; after Ctrl-C it leaves without tearing anything down.
                await stop.CancelAsync();
                await Task.WhenAny(training);
            }
        }

        return replay;

        void Heard(EpochMeasures epoch)
        {
            replay.Hear(epoch);
            progress.Ended(epoch.Epoch);
            if (replay.IsOver)
            {
                stop.Cancel();
            }
        }
    }
}
