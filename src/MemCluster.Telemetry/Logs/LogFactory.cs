using Microsoft.Extensions.Logging;

namespace MemCluster.Telemetry;

/// <summary>Makes the one factory from which everything in a process has its logger: our own actors and threads, Akka, and the web server.</summary>
public static class LogFactory
{
    /// <param name="more">What else hears every line: an exporter.</param>
    /// <returns>To be disposed of last; a file is made at the first line, not before.</returns>
    public static ILoggerFactory Open(LogOptions options, Action<ILoggingBuilder>? more = null) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(options.Verbose ? LogLevel.Debug : LogLevel.Information);

        // What an operator should know of the cluster our own lines say, in one sentence each; how it comes about is for those who ask.
        builder.AddFilter("Akka", options.Verbose ? LogLevel.Information : LogLevel.Error);
        builder.AddFilter("Microsoft", LogLevel.Warning);
        builder.AddProvider(new LineLoggerProvider(options));
        more?.Invoke(builder);
    });
}
