using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MemCluster.Telemetry;

/// <summary>Writes every line to a file or to standard error. Each is written before the call returns: the last words of a process that dies are there.</summary>
internal sealed class LineLoggerProvider(ILineTarget target, LogFormat format, TimeProvider clock) : ILoggerProvider, ISupportExternalScope
{
    private const string Template = "{OriginalFormat}";

    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public LineLoggerProvider(LogOptions options)
        : this(options.File is { } file ? new LineFile(file) : new StandardErrorTarget(), options.Format, TimeProvider.System)
    {
    }

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => target.Dispose();

    private void Write(string category, LogLevel level, object? state, string message, Exception? cause)
    {
        var fields = new List<KeyValuePair<string, object?>>();
        var template = Add(fields, state) ?? "";
        var outer = new List<object?>();
        _scopes.ForEachScope((scope, list) => list.Add(scope), outer);
        for (var depth = outer.Count - 1; depth >= 0; depth--)
        {
            Add(fields, outer[depth]);
        }

        var span = Activity.Current;
        var line = new LogLine(
            clock.GetUtcNow(), level, category, Secrets.Mask(message), fields, cause, span?.TraceId.ToHexString(), span?.SpanId.ToHexString());
        target.Write(format == LogFormat.Json ? JsonLine.Of(line) : TextLine.Of(line, template));
    }

    /// <returns>The template of the sentence, if there is one among them.</returns>
    private static string? Add(List<KeyValuePair<string, object?>> fields, object? values)
    {
        string? template = null;
        foreach (var field in values as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            if (field.Key == Template)
            {
                template = field.Value as string;
            }
            else if (fields.TrueForAll(one => one.Key != field.Key))
            {
                fields.Add(field);
            }
        }

        return template;
    }

    private sealed class LineLogger(LineLoggerProvider lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => lines._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Write(category, logLevel, state, formatter(state, exception), exception);
    }
}
