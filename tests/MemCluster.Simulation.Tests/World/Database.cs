using MemCluster.Messages;

namespace MemCluster.Simulation.Tests;

/// <summary>What a write came to.</summary>
internal enum WriteFate
{
    Written,

    /// <summary>Nothing is there.</summary>
    Failed,

    /// <summary>It is there, and the writer never hears of it.</summary>
    WrittenWithoutAnswer,
}

/// <summary>One event as it stands in the journal.</summary>
/// <param name="Place">In the order of all that was ever written.</param>
/// <param name="Host">Who wrote it.</param>
internal sealed record Row(string Stream, long Number, IMessage Event, long Place, int Host);

/// <summary>
/// The journal: numbered streams, each number once, and a snapshot a stream. It outlives everybody. It may fail, be slow, answer nothing, and be put
/// back to an older copy.
/// </summary>
internal sealed class Database
{
    private readonly Dictionary<string, List<Row>> _streams = [];
    private readonly Dictionary<string, (long Number, IMessage Snapshot)> _snapshots = [];
    private long _place;

    /// <summary>Told of each event that is there from now on.</summary>
    public event Action<Row>? Written;

    /// <summary>A number can be used twice: the later one stands behind the earlier.</summary>
    public bool Unfenced { get; init; }

    /// <summary>Place of what was written last.</summary>
    public long Last => _place;

    /// <summary>Which copy this is: what was on its way to an earlier one does not come here.</summary>
    public int Copy { get; private set; }

    public IReadOnlyList<Row> Rows(string stream) => _streams.GetValueOrDefault(stream) ?? [];

    public IEnumerable<Row> All => _streams.Values.SelectMany(rows => rows).OrderBy(row => row.Place);

    public IEnumerable<string> Streams => _streams.Keys.Order(StringComparer.Ordinal);

    public (long Number, IMessage Snapshot)? Snapshot(string stream) => _snapshots.TryGetValue(stream, out var snapshot) ? snapshot : null;

    /// <summary>Writes all of them or none.</summary>
    /// <returns>False where somebody else has used the number.</returns>
    public bool Append(string stream, long after, IReadOnlyList<IMessage> events, int host)
    {
        if (!_streams.TryGetValue(stream, out var rows))
        {
            _streams[stream] = rows = [];
        }

        if (!Unfenced && rows.Count != after)
        {
            return false;
        }

        foreach (var happened in events)
        {
            var row = new Row(stream, rows.Count + 1, happened, ++_place, host);
            rows.Add(row);
            Written?.Invoke(row);
        }

        return true;
    }

    public void Keep(string stream, long number, IMessage snapshot) => _snapshots[stream] = (number, snapshot);

    /// <summary>Put back to a copy that lacks the last ones of all that was written.</summary>
    public void Lose(int last)
    {
        Copy++;
        var keep = _place - last;
        foreach (var (stream, rows) in _streams)
        {
            rows.RemoveAll(row => row.Place > keep);
            if (_snapshots.TryGetValue(stream, out var snapshot) && snapshot.Number > rows.Count)
            {
                _snapshots.Remove(stream);
            }
        }
    }
}
