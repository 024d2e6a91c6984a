namespace MemCluster.Messages;

/// <summary>What nodes say to each other about the line between them.</summary>
public abstract record NodeWord : IMessage
{
    private NodeWord()
    {
    }

    /// <summary>A word to you was too large for a frame and is lost: so that your log says it too.</summary>
    /// <param name="Kind">The word's name on the wire, or its type where it has none.</param>
    /// <param name="Bytes">How large it was.</param>
    /// <param name="Limit">How large it may be.</param>
    public sealed record WordTooLarge(string Kind, long Bytes, long Limit) : NodeWord;
}
