namespace MemCluster.Reporting.Live;

/// <summary>How much happened per second over the last seconds; time is handed in.</summary>
public sealed class Pace(TimeSpan window)
{
    private readonly Queue<(DateTimeOffset At, double Amount)> _recent = new();
    private DateTimeOffset? _since;

    public void Add(double amount, DateTimeOffset now)
    {
        _since ??= now;
        if (amount > 0)
        {
            _recent.Enqueue((now, amount));
        }
    }

    public double PerSecond(DateTimeOffset now)
    {
        while (_recent.TryPeek(out var oldest) && oldest.At <= now - window)
        {
            _recent.Dequeue();
        }

        // In the first seconds the window is only as long as there was something to see; never shorter than one, or a first batch looks like a storm.
        var seen = _since is { } since ? Math.Clamp((now - since).TotalSeconds, 1, window.TotalSeconds) : 1;
        return _recent.Sum(entry => entry.Amount) / seen;
    }
}
