namespace MemCluster.Sweeps;

/// <summary>Now, by both clocks: leases are measured by one that never jumps, events are dated by the one on the wall.</summary>
/// <param name="Since">On the monotonic clock, since this coordinator began.</param>
public readonly record struct Moment(TimeSpan Since, DateTimeOffset At);
