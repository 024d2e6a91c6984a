namespace MemCluster.Trainer;

/// <summary>
/// How many trials to hold beyond those in training, so that a slot never waits for the next one to arrive. Short trials need a stock, long
/// ones none: what a trainer hoards at the end of a sweep, an idle one can't have.
/// </summary>
internal sealed class Appetite(int slots, TimeProvider clock)
{
    /// <summary>A stock lasts this long: many round trips to the coordinator and its disk.</summary>
    private const double SecondsOfStock = 0.25;
    private const int MostInStock = 256;

    private readonly Queue<long> _ends = new();

    /// <summary>A trial's training ended.</summary>
    public void Ended()
    {
        _ends.Enqueue(clock.GetTimestamp());
        while (_ends.Count > MostInStock)
        {
            _ends.Dequeue();
        }
    }

    /// <summary>Trials to hold in all.</summary>
    public int Room()
    {
        while (_ends.TryPeek(out var oldest) && clock.GetElapsedTime(oldest) > TimeSpan.FromSeconds(2))
        {
            _ends.Dequeue();
        }

        if (_ends.Count < 4)
        {
            return slots;
        }

        // A few that end in the same instant are no pace yet.
        var span = Math.Max(SecondsOfStock, clock.GetElapsedTime(_ends.Peek()).TotalSeconds);
        return slots + Math.Min(MostInStock, (int)Math.Ceiling(_ends.Count / span * SecondsOfStock));
    }
}
