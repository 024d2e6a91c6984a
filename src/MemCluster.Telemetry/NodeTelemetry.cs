using Microsoft.Extensions.Logging;

namespace MemCluster.Telemetry;

/// <summary>A process's logs and, where an endpoint is set, its measurements, spans and log lines on their way to a collector. Made at the door.</summary>
public sealed class NodeTelemetry : IDisposable
{
    /// <summary>A collector that is gone must not keep a process from ending.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly OtlpExport? _export;

    private NodeTelemetry(ILoggerFactory logs, OtlpExport? export) => (Logs, _export) = (logs, export);

    public ILoggerFactory Logs { get; }

    /// <param name="otlp">Null: nothing is exported, and no exporter is loaded.</param>
    /// <param name="service">What it is: <c>memcluster-coordinator</c>, for one.</param>
    /// <param name="instance">Which of them it is, in the words of whoever started it.</param>
    public static NodeTelemetry Open(LogOptions log, OtlpOptions? otlp, string service, string instance)
    {
        if (otlp is null)
        {
            return new(LogFactory.Open(log), null);
        }

        var export = new OtlpExport(otlp, service, instance);
        return new(LogFactory.Open(log, export.AddLogs), export);
    }

    /// <summary>Sends what was measured up to now; at most this long. Before an end, while those who are observed are still there.</summary>
    public void Flush(TimeSpan within) => _export?.Flush(within);

    public void Dispose()
    {
        var ending = Task.Run(() =>
        {
            _export?.Dispose();
            Logs.Dispose();
        });
        ending.Wait(LastWords);
    }
}
