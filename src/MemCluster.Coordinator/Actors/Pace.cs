namespace MemCluster.Coordinator;

/// <summary>Epochs per second over the last ten seconds: a ring of counts, one per whole second.</summary>
internal sealed class Pace
{
    private const int Window = 10;

    private readonly int[] _counts = new int[Window];
    private long _first = -1;
    private long _last = -1;

    public void Add(TimeSpan now, int epochs)
    {
        Turn(now);
        _counts[_last % Window] += epochs;
    }

    public double PerSecond(TimeSpan now)
    {
        Turn(now);
        return _counts.Sum() / (double)Math.Clamp(_last - _first, 1, Window);
    }

    /// <summary>Empties the seconds that passed since the last count.</summary>
    private void Turn(TimeSpan now)
    {
        var second = (long)now.TotalSeconds;
        _first = _first < 0 ? second : _first;
        for (var passed = Math.Max(_last + 1, second - Window + 1); passed <= second; passed++)
        {
            _counts[passed % Window] = 0;
        }

        _last = Math.Max(_last, second);
    }
}
