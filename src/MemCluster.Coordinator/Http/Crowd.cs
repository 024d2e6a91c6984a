using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Http;

/// <summary>What the log is told of a door that was too full: a line a minute, however many came.</summary>
internal sealed class Crowd : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly ILogger _log;
    private readonly int _most;
    private readonly ITimer _tells;
    private readonly Dictionary<string, int> _from = [];
    private int _closed;
    private int _turnedAway;

    /// <param name="most">So many connections there may be.</param>
    public Crowd(int most, ILogger log, TimeProvider clock)
    {
        (_most, _log) = (most, log);
        _tells = clock.CreateTimer(_ => Tell(), null, Every, Every);
    }

    /// <param name="from">Whose connection had to go.</param>
    /// <param name="wasIn">False: it was not let in.</param>
    public void Add(string from, bool wasIn)
    {
        lock (_lock)
        {
            _ = wasIn ? _closed++ : _turnedAway++;
            // Callers may have as many addresses as they like; memory for them has an end.
            if (_from.Count < _most || _from.ContainsKey(from))
            {
                _from[from] = _from.GetValueOrDefault(from) + 1;
            }
        }
    }

    public void Dispose()
    {
        _tells.Dispose();
        Tell();
    }

    private void Tell()
    {
        lock (_lock)
        {
            if (_closed + _turnedAway > 0)
            {
                CrowdLines.WasFull(_log, _most, _closed, _turnedAway, _from.MaxBy(sender => sender.Value).Key);
            }

            (_closed, _turnedAway) = (0, 0);
            _from.Clear();
        }
    }
}

internal static partial class CrowdLines
{
    [LoggerMessage(LogLevel.Warning, "The HTTP API was full ({most} connections): in the last minute {closed} that had nothing under way were closed for newer ones, "
        + "{turnedAway} were not let in; most came from {from}")]
    public static partial void WasFull(ILogger log, int most, int closed, int turnedAway, string from);
}
