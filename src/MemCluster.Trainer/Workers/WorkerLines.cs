using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>What a trainer says of its worker processes in its log.</summary>
internal static partial class WorkerLines
{
    [LoggerMessage(LogLevel.Information, "Worker process {pid} has started, and can compute after {seconds:0.00} s")]
    public static partial void WorkerStarted(this ILogger log, int pid, double seconds);

    [LoggerMessage(LogLevel.Warning, "Worker process {pid} has ended, and another takes its place: {why}")]
    public static partial void WorkerEnded(this ILogger log, int pid, string why);

    [LoggerMessage(LogLevel.Warning, "Worker process {pid} says: {line}")]
    public static partial void WorkerSays(this ILogger log, int pid, string line);
}
