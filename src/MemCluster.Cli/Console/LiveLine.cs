using MemCluster.Reporting;
using Spectre.Console;

namespace MemCluster.Cli;

/// <summary>A line that tells how far some work is, and is gone when it has ended; nothing in a pipe.</summary>
internal static class LiveLine
{
    private static readonly TimeSpan Redrawn = TimeSpan.FromMilliseconds(250);

    /// <param name="now">What to say now; called on another thread than the work's.</param>
    /// <exception cref="OperationCanceledException">The work ended so, or nobody waits for it any more.</exception>
    public static async Task<T> While<T>(Terminal terminal, Func<Line> now, Task<T> work, CancellationToken cancel)
    {
        if (terminal.Live is not { } live)
        {
            return await work.WaitAsync(cancel);
        }

        return await live.Live(Text.Empty).AutoClear(true).StartAsync(async context =>
        {
            while (!work.IsCompleted)
            {
                context.UpdateTarget(Terminal.Drawn(now()));
                await Task.WhenAny(work, Task.Delay(Redrawn, cancel));
                cancel.ThrowIfCancellationRequested();
            }

            return await work;
        });
    }
}
