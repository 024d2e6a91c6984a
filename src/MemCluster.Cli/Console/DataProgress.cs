using MemCluster.Reporting;
using MemCluster.Reporting.Live;

namespace MemCluster.Cli;

/// <summary>A download on the screen: a bar with speed and time left, or a line every few seconds in a pipe.</summary>
internal sealed class DataProgress(TimeProvider clock, Terminal terminal) : IProgress<Fetched>
{
    private static readonly TimeSpan PlainLine = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Pace _pace = new(TimeSpan.FromSeconds(8));
    private Fetched? _now;
    private DateTimeOffset _lastLine = DateTimeOffset.MinValue;

    public Task<T> While<T>(Func<IProgress<Fetched>, Task<T>> work) => LiveLine.While(terminal, Bar, work(this), CancellationToken.None);

    public void Report(Fetched value)
    {
        lock (_lock)
        {
            // What lay here from an earlier try came in no time; it says nothing about the speed.
            var news = _now is { } before && before.File == value.File ? value.Bytes - before.Bytes : 0;
            var at = clock.GetUtcNow();
            _pace.Add(Math.Max(0, news), at);
            var ends = value.Total > 0 && value.Bytes >= value.Total;
            _now = value;
            if (terminal.Live is null && (at - _lastLine >= PlainLine || ends))
            {
                _lastLine = at;
                terminal.Write(TextOf(value, at));
            }
        }
    }

    private Line Bar()
    {
        lock (_lock)
        {
            if (_now is not { } value)
            {
                return "Asking…";
            }

            var share = value.Total > 0 ? Math.Clamp(value.Bytes / (double)value.Total, 0, 1) : 0;
            var full = (int)(24 * share);
            return $"{new string('━', full)}{new string('─', 24 - full)}  {TextOf(value, clock.GetUtcNow())}";
        }
    }

    private string TextOf(Fetched value, DateTimeOffset at)
    {
        var speed = _pace.PerSecond(at);
        var of = value.Total > 0 ? $" of {Numbers.Bytes(value.Total)}" : "";
        var left = value.Total > value.Bytes && speed > 0 ? $"  {Numbers.Duration((value.Total - value.Bytes) / speed)} left" : "";
        return Line.Fit($"{value.File}  {Numbers.Bytes(value.Bytes)}{of}  {Numbers.Bytes((long)speed)}/s{left}", 74);
    }
}
