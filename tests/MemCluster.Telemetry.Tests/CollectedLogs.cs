using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MemCluster.Tests;

/// <summary>Keeps every line that is said, with its named values and those of the scopes around it.</summary>
internal sealed class CollectedLogs : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<CollectedLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public CollectedLogs(LogLevel least = LogLevel.Debug) => Factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(least).AddProvider(this));

    public ILoggerFactory Factory { get; }

    public IReadOnlyList<CollectedLine> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Collector(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Collector(CollectedLogs all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => all._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = new Dictionary<string, object?>();
            Add(state);
            all._scopes.ForEachScope((scope, _) => Add(scope), 0);
            all._lines.Enqueue(new(logLevel, category, eventId.Name ?? "", formatter(state, exception), fields, exception));

            void Add(object? values)
            {
                foreach (var (name, value) in values as IEnumerable<KeyValuePair<string, object?>> ?? [])
                {
                    fields.TryAdd(name, value);
                }
            }
        }
    }
}

internal sealed record CollectedLine(
    LogLevel Level, string Category, string Name, string Message, IReadOnlyDictionary<string, object?> Fields, Exception? Cause)
{
    public override string ToString() => $"{Level} {Message} {Cause} [{Category}]";
}
