using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Folds events into the rows, each once and in order, and tells whoever watches only what is committed. Knows which of a name's sweeps the rows are of.
/// Used by one thread at a time.
/// </summary>
internal sealed class RowsTold(string file, FeedHub feed, RowsTrust trust) : IDisposable
{
    private const int MostUncommitted = 5000;

    private readonly ReadModelWriter _model = new(file);
    private readonly List<IMessage> _uncommitted = [];

    /// <summary>How many sweeps of a name were deleted: only the streams of the next one count.</summary>
    private readonly Dictionary<SweepId, int> _forgotten = [];

    /// <summary>Measures refer to their sweep's row, so they come second.</summary>
    /// <returns>The streams of the sweep of that name, each with its last event in the rows.</returns>
    public IReadOnlyList<(string Stream, StreamHead Head)> StreamsOf(SweepId sweep)
    {
        var earlier = ForgottenOf(sweep);
        string[] streams = [Streams.Control(sweep, earlier), Streams.Metrics(sweep, earlier)];
        return [.. streams.Select(stream => (stream, _model.HeadOf(stream)))];
    }

    /// <summary>A deleted sweep's last events may still be on their way when the next one of its name has begun.</summary>
    public bool IsOfNow(Written written)
    {
        var sweep = FeedHub.SweepOf(written.Event);
        var earlier = ForgottenOf(sweep);
        return written.Stream == Streams.Control(sweep, earlier) || written.Stream == Streams.Metrics(sweep, earlier);
    }

    /// <summary>Something before it is not in the rows.</summary>
    public bool IsAhead(Written written)
    {
        var sweep = FeedHub.SweepOf(written.Event);
        return written.Number > _model.PositionOf(written.Stream) + 1
            || (written.Event is TrialMeasured or TrialFound && _model.PositionOf(Streams.Control(sweep, ForgottenOf(sweep))) == 0);
    }

    /// <summary>What is in the rows already counts no second time.</summary>
    public void Fold(Written written)
    {
        if (written.Number != _model.PositionOf(written.Stream) + 1)
        {
            return;
        }

        _model.Apply(written);
        _uncommitted.Add(written.Event);
    }

    /// <summary>What was folded is of another journal: all of it goes, and must be read anew.</summary>
    public void Empty()
    {
        _uncommitted.Clear();
        _model.Empty();
    }

    /// <summary>So many that they should not wait for the next tick.</summary>
    public bool IsFull => _model.Uncommitted >= MostUncommitted;

    public void Commit()
    {
        if (_uncommitted.Count == 0)
        {
            return;
        }

        _model.Commit();
        feed.Tell(_uncommitted);
        _uncommitted.Clear();
    }

    public int ForgottenOf(SweepId sweep) => _forgotten.GetValueOrDefault(sweep);

    /// <param name="count">How many of that name are deleted by now; the same news may come by two ways.</param>
    /// <returns>Whether it was news.</returns>
    public bool Forget(SweepId sweep, int count)
    {
        if (count <= ForgottenOf(sweep))
        {
            return false;
        }

        _forgotten[sweep] = count;
        Commit();
        _model.Forget(sweep, Streams.Control(sweep, count));
        return true;
    }

    /// <summary>Says why the rest of a sweep's stream is not in the rows; committed at once.</summary>
    /// <param name="why">A sentence; null when it is in them.</param>
    public void SetAside(SweepId sweep, string? why)
    {
        Commit();
        _model.SetAside(sweep, why);
    }

    /// <summary>Keeps what was folded; an event that failed half-way takes everything since the last commit with it.</summary>
    public void Dispose()
    {
        if (_model.IsWhole)
        {
            Commit();
        }

        _model.Dispose();
        trust.Close(file);
    }
}
