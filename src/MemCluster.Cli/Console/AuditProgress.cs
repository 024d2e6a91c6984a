using MemCluster.Coordinator.Auditing;
using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary>How many events of a journal are read, and how long the others will take.</summary>
internal sealed class AuditProgress(TimeProvider clock) : IProgress<AuditPace>
{
    private readonly long _began = clock.GetTimestamp();
    private volatile AuditPace _pace = new(0, 0);

    public void Report(AuditPace value) => _pace = value;

    public Line Now()
    {
        var (read, all) = _pace;
        var took = clock.GetElapsedTime(_began).TotalSeconds;
        var left = read > 0 && all > read ? $"  {Numbers.Duration(took * (all - read) / read)} left" : "";
        return Line.Fit($"Reading the journal  {Numbers.Count(read)}{(all > 0 ? $"/{Numbers.Count(all)}" : "")} events{left}", Line.Width);
    }
}
