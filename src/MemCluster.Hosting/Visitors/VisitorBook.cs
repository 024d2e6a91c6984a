namespace MemCluster.Hosting;

/// <summary>
/// Who is in at a door that holds so many. Whoever comes last comes in: a probe, or the owner, must not stand outside because others do nothing
/// inside. So when it is full, one goes that has nothing under way.
/// </summary>
public sealed class VisitorBook(int most)
{
    /// <summary>An eighth of the places.</summary>
    private const int LeftInPeace = 8;

    private readonly Lock _lock = new();
    private readonly HashSet<Visitor> _present = [];
    private long _time;

    public int Most { get; } = most;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _present.Count;
            }
        }
    }

    /// <returns>Whoever has to go for it, who is in the book no longer, and is to be closed: the newcomer itself if all others have something under way. Null where there is room.</returns>
    public Visitor? Enter(Visitor newcomer)
    {
        lock (_lock)
        {
            newcomer.Since = ++_time;
            var goes = _present.Count < Most ? null : FirstToGo(_present, Most) ?? newcomer;
            if (goes != newcomer)
            {
                _present.Add(newcomer);
            }

            if (goes is not null)
            {
                _present.Remove(goes);
            }

            return goes;
        }
    }

    public void Leave(Visitor visitor)
    {
        lock (_lock)
        {
            _present.Remove(visitor);
        }
    }

    /// <summary>A request has come in whole.</summary>
    public void Begin(Visitor visitor)
    {
        lock (_lock)
        {
            visitor.UnderWay++;
        }
    }

    /// <summary>It is answered: the connection waits for the next.</summary>
    public void End(Visitor visitor)
    {
        lock (_lock)
        {
            visitor.UnderWay--;
            visitor.Since = ++_time;
        }
    }

    public void Believe(Visitor visitor, Trust trust)
    {
        lock (_lock)
        {
            visitor.Trust = trust > visitor.Trust ? trust : visitor.Trust;
        }
    }

    /// <summary>
    /// Of those that have nothing under way: the least trusted; of these, the ones whose sender has most of them; of these, the one that has done
    /// nothing for longest. But everybody begins as little trusted and must have the time to ask: so few of a kind are left in peace.
    /// </summary>
    /// <returns>Null if all of them have something under way.</returns>
    private static Visitor? FirstToGo(IEnumerable<Visitor> present, int most)
    {
        var idle = present.Where(visitor => visitor.UnderWay == 0).ToArray();
        if (idle.Length == 0)
        {
            return null;
        }

        var kinds = idle.GroupBy(visitor => visitor.Trust).OrderBy(kind => kind.Key).ToArray();
        return (kinds.FirstOrDefault(kind => kind.Count() > most / LeftInPeace) ?? kinds[0])
            .GroupBy(visitor => visitor.From, StringComparer.Ordinal)
            .Select(sender => (Count: sender.Count(), Oldest: sender.MinBy(visitor => visitor.Since)!))
            .OrderByDescending(sender => sender.Count).ThenBy(sender => sender.Oldest.Since)
            .First().Oldest;
    }
}
