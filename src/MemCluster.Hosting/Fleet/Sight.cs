namespace MemCluster.Hosting;

/// <summary>
/// What a trainer knows of where the coordinator at work is. It asks the nodes it was told of; of those one hosts it, or none for a moment.
/// </summary>
/// <param name="At"><c>HOST:PORT</c> of the node where it is; null while it is not known.</param>
/// <param name="Uid">Tells it from one that was started again at the same place.</param>
/// <param name="SeenAt">When it last answered, on the monotonic clock.</param>
/// <param name="HeardAt">When any coordinator node last did, if only to say that it is idle.</param>
public sealed record Sight(string? At, long Uid, TimeSpan SeenAt, TimeSpan HeardAt)
{
    /// <summary>A node that is alive answers within milliseconds, beside all other work; a pause of garbage collection takes less than this.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(5);

    /// <summary>The coordinator answers from there. Two may think for a moment that they are the one: whoever was first is kept while it answers; the journal lets only one of them write.</summary>
    public Sight Found(string at, long uid, TimeSpan now) => At is null || At == at ? new(at, uid, now, now) : HeardFrom(now);

    /// <summary>No coordinator is there; nobody need be, since this node's own transport says the same of words that it can't deliver.</summary>
    public Sight NotThere(string at) => At == at ? this with { At = null, Uid = 0 } : this;

    /// <summary>Some coordinator node is alive.</summary>
    public Sight HeardFrom(TimeSpan now) => this with { HeardAt = now };

    /// <summary>The line to a node broke, or could not be opened.</summary>
    public Sight Broken(string node) => At == node ? this with { At = null } : this;

    /// <summary>Time passes.</summary>
    public Sight After(TimeSpan now) => At is not null && now - SeenAt > LostAfter ? this with { At = null } : this;

    /// <summary>Whether what is there now is another coordinator than before, or the same one started again.</summary>
    public bool IsAnotherThan(Sight before) => At is not null && (At, Uid) != (before.At, before.Uid);
}
