namespace MemCluster.Hosting;

/// <summary>What may befall a trainer's place in its fleet.</summary>
public abstract record Mishap
{
    private Mishap()
    {
    }

    /// <summary>Its node could not be made: the port is taken, a certificate can't be read.</summary>
    /// <param name="Times">How often in a row by now.</param>
    public sealed record NotBegun(int Times) : Mishap;

    /// <summary>A coordinator's transport has given this node up, and will hear it only as a new one.</summary>
    public sealed record GivenUp : Mishap;

    /// <summary>Its node ended, though nobody told it to.</summary>
    public sealed record Ended : Mishap;

    /// <summary>No coordinator node answers.</summary>
    /// <param name="For">For how long.</param>
    /// <param name="Way">What dialling them once by hand has found.</param>
    public sealed record Silence(TimeSpan For, Way Way) : Mishap;
}

/// <summary>Whether a coordinator node could be reached, going by a connection made by hand.</summary>
public enum Way
{
    /// <summary>Nobody listens, or no connection is taken: all there is to do is wait.</summary>
    Blocked,

    /// <summary>A connection is taken, so the silence may be this node's own fault.</summary>
    Free,

    /// <summary>The two sides were started with different certificates; waiting changes nothing.</summary>
    Barred,
}

/// <summary>What to do about it.</summary>
public abstract record Remedy
{
    private Remedy()
    {
    }

    /// <summary>Train on and look again.</summary>
    public sealed record GoOn : Remedy;

    /// <summary>End the node, if there is one, and begin another; threads train on meanwhile.</summary>
    public sealed record BeginAgain(TimeSpan After) : Remedy;

    /// <summary>End the process: an operator has to do something.</summary>
    public sealed record Leave : Remedy;
}

/// <summary>
/// What a trainer does when it loses its coordinator, or its node. The rule behind it: work in hand is never let go of for the sake of a line, and
/// only what an operator has to mend ends a process, and only before it has ever worked.
/// </summary>
/// <param name="Wait">How long a trainer that no coordinator has answered yet waits for one; infinite: as long as it takes.</param>
public sealed record Remedies(TimeSpan Wait)
{
    /// <summary>A line over which nothing comes, though the way is free, is not to be mended from within: TCP may retry for minutes, a node anew dials at once.</summary>
    public static readonly TimeSpan MistrustAfter = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(30);

    /// <param name="hasWorked">Whether a coordinator has ever answered this process.</param>
    public Remedy For(Mishap mishap, bool hasWorked) => mishap switch
    {
        Mishap.NotBegun not => new Remedy.BeginAgain(Pause(not.Times)),
        Mishap.GivenUp or Mishap.Ended => new Remedy.BeginAgain(TimeSpan.Zero),
        Mishap.Silence { Way: Way.Barred } when !hasWorked => new Remedy.Leave(),
        Mishap.Silence silence when !hasWorked && Wait != Timeout.InfiniteTimeSpan && silence.For >= Wait => new Remedy.Leave(),
        Mishap.Silence { Way: Way.Free } silence when silence.For >= MistrustAfter => new Remedy.BeginAgain(TimeSpan.Zero),
        Mishap.Silence => new Remedy.GoOn(),
        _ => throw new ArgumentOutOfRangeException(nameof(mishap), mishap, null),
    };

    private static TimeSpan Pause(int times) => TimeSpan.FromSeconds(Math.Min(MostPause.TotalSeconds, Math.Pow(2, Math.Clamp(times, 1, 10) - 1)));
}
