namespace MemCluster.Simulation.Tests;

/// <summary>Virtual time: what is to happen, in order. Nothing ever waits.</summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _queue = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public long Steps { get; private set; }

    public void After(TimeSpan delay, Action action) => _queue.Enqueue(action, (Now + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay), _order++));

    /// <returns>False when nothing is to happen any more before this time.</returns>
    public bool Step(TimeSpan until)
    {
        if (!_queue.TryPeek(out _, out var next) || next.At > until)
        {
            return false;
        }

        var action = _queue.Dequeue();
        Now = next.At;
        Steps++;
        action();
        return true;
    }
}
