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

    /// <param name="uid">Null where the node is idle.</param>
    public Sight Answered(string from, long? uid, TimeSpan now) => uid switch
    {
        { } found when At is null || At == from => new(from, found, now, now),

        // Two may think for a moment that they are the one: whoever was first is kept while it answers. The journal lets only one of them write.
        { } => this with { HeardAt = now },
        null when At == from => new(null, 0, SeenAt, now),
        null => this with { HeardAt = now },
    };

    /// <summary>The line to a node broke, or could not be opened.</summary>
    public Sight Broken(string node) => At == node ? this with { At = null } : this;

    /// <summary>Time passes.</summary>
    public Sight After(TimeSpan now) => At is not null && now - SeenAt > LostAfter ? this with { At = null } : this;

    /// <summary>Whether what is there now is another coordinator than before, or the same one started again.</summary>
    public bool IsAnotherThan(Sight before) => At is not null && (At, Uid) != (before.At, before.Uid);
}
