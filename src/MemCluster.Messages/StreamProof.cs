namespace MemCluster.Messages;

/// <summary>How far a stream is: the number and the link of its last event.</summary>
public readonly record struct StreamHead(long Number, string Link)
{
    /// <summary>Before the first event.</summary>
    public static readonly StreamHead Begin = new(0, Chain.Begin);
}

/// <summary>Reads a stream event by event, and gives out none that is not proved to follow the one before.</summary>
/// <param name="from">Where the reading begins: this much of it was proved before.</param>
public sealed class StreamProof(string stream, StreamHead from)
{
    public StreamHead Head { get; private set; } = from;

    /// <param name="stored">A <see cref="JournalEntry"/>; of versions that had no chain the event itself.</param>
    /// <exception cref="BrokenStreamException">It is not the next, or not what was written, or can't be understood.</exception>
    public IMessage Next(long number, object stored)
    {
        if (number != Head.Number + 1)
        {
            throw new BrokenStreamException(stream, Head.Number + 1, "is gone");
        }

        if (stored is not JournalEntry entry)
        {
            Head = Head.Link == Chain.Begin ? new(number, Chain.Begin) : throw new BrokenStreamException(stream, number, "has no place in the chain of those before it");
            return (IMessage)stored;
        }

        if (!entry.Follows(Head.Link, stream, number))
        {
            throw new BrokenStreamException(stream, number, "is not the one that was written there");
        }

        try
        {
            var happened = entry.Event;
            Head = new(number, entry.Link);
            return happened;
        }
        catch (Exception problem)
        {
            throw new BrokenStreamException(stream, number, $"says nothing to this version ({problem.Message.Split('\n', 2)[0].TrimEnd('.')})");
        }
    }
}

/// <summary>A stream can't be read beyond an event.</summary>
/// <param name="number">Of the event.</param>
/// <param name="what">What is wrong with it, as the rest of a sentence.</param>
public sealed class BrokenStreamException(string stream, long number, string what) : Exception($"event {number} of {stream} {what}.")
{
    public string Stream => stream;

    public long Number => number;
}
