using Microsoft.Extensions.Logging;

namespace MemCluster.Telemetry;

/// <summary>One thing that was said.</summary>
/// <param name="Category">Who says it.</param>
/// <param name="Message">The finished sentence, secrets masked.</param>
/// <param name="Fields">Named values of the sentence, then of the scopes around it, innermost first; a name stands once.</param>
/// <param name="TraceId">Of the span it was said in; null outside of one.</param>
internal sealed record LogLine(
    DateTimeOffset At, LogLevel Level, string Category, string Message, IReadOnlyList<KeyValuePair<string, object?>> Fields, Exception? Cause,
    string? TraceId = null, string? SpanId = null)
{
    public string LevelName => Level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
