using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary>How far one training is, on a line that is gone when it has ended; nothing in a pipe.</summary>
internal sealed class TrainingProgress(TimeProvider clock, Terminal terminal, string what, int epochs)
{
    private readonly Lock _lock = new();
    private int _epoch;
    private int _since;
    private long _sinceAt;
    private long _at;

    /// <summary>Called on the thread that trains.</summary>
    public void Ended(int epoch)
    {
        lock (_lock)
        {
            (_epoch, _at) = (epoch, clock.GetTimestamp());
            if (_since == 0)
            {
                // The first one begins with the data, and says nothing about the pace.
                (_since, _sinceAt) = (epoch, _at);
            }
        }
    }

    /// <exception cref="OperationCanceledException">The training ended so, or nobody waits for it any more.</exception>
    public Task<T> While<T>(Task<T> training, CancellationToken cancel) => LiveLine.While(terminal, Now, training, cancel);

    internal Line Now()
    {
        lock (_lock)
        {
            var pace = _epoch > _since ? clock.GetElapsedTime(_sinceAt, _at).TotalSeconds / (_epoch - _since) : 0;
            var left = Math.Max(0, ((epochs - _epoch) * pace) - clock.GetElapsedTime(_at).TotalSeconds);
            return Line.Fit($"{what}  epoch {Numbers.Count(_epoch)}/{Numbers.Count(epochs)}{(pace > 0 ? $"  {Numbers.Duration(left)} left" : "")}", Line.Width);
        }
    }
}
