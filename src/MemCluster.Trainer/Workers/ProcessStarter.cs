using System.Collections.Concurrent;
using System.Diagnostics;

namespace MemCluster.Trainer;

/// <summary>
/// Starts processes on a thread that lives as long as this process: Linux ends a child that asks to be ended with its parent when the thread ends that started it.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> Wanted = Begin();

    /// <exception cref="System.ComponentModel.Win32Exception">It can't be started.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Wanted.Add(() =>
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
        return started.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Begin()
    {
        var wanted = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in wanted.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "starts workers" }.Start();
        return wanted;
    }
}
