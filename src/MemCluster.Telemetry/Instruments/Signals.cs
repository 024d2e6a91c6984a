using System.Diagnostics;
using System.Diagnostics.Metrics;
using MemCluster.Messages;

namespace MemCluster.Telemetry;

/// <summary>
/// The one name under which everything is measured and traced. Whoever listens (an exporter, dotnet-counters, a test) asks for it; while nobody does, an instrument
/// costs a look at a flag. What each means stands in docs/telemetry.md; a test holds that page against what a collector receives.
/// </summary>
public static class Signals
{
    public const string Name = "MemCluster";

    /// <summary>Seconds: from a journal's write to a wait of minutes.</summary>
    public static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    };

    /// <summary>Seconds: from a toy trial to a day.</summary>
    public static readonly InstrumentAdvice<double> Trainings = new()
    {
        HistogramBucketBoundaries = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400],
    };

    /// <summary>For what a process counts as long as it lives. What can be observed only while somebody is in office has a meter of its own, of the same name.</summary>
    public static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Traces = new(Name);

    /// <summary>The attributes by which an attempt is found among spans; never on a measurement, whose number of series must stay small.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> TagsOf(TrialKey key, int trial) =>
    [
        new("memcluster.sweep", key.Sweep.Name), new("memcluster.trial", trial), new("memcluster.attempt", key.Attempt),
        new("memcluster.cell", key.Cell.ToString()),
    ];
}
