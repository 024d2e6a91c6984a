namespace MemCluster.Tests;

/// <summary>A clock whose timers come when a test says so, whatever they were set to.</summary>
internal sealed class TickingClock : TimeProvider
{
    private readonly List<Action> _timers = [];

    /// <summary>How often the timers made by it want to come.</summary>
    public List<TimeSpan> Periods { get; } = [];

    public void Tick() => _timers.ForEach(tick => tick());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Periods.Add(period);
        _timers.Add(() => callback(state));
        return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
