namespace MemCluster.Coordinator;

/// <summary>
/// What this process is among the coordinator nodes: idle, or at work under a term of its own. Kept beside the actors, which are started again
/// after a failed write: one that was at work and finds a later term in the journal has been replaced, and must not write any more.
/// </summary>
public sealed class Standing
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _beginning = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _singleton;
    private long _term;
    private bool _active;

    /// <summary>The coordinator is at work in this process.</summary>
    public bool IsActive
    {
        get
        {
            lock (_gate)
            {
                return _active;
            }
        }
    }

    /// <summary>Done when it has begun for the first time.</summary>
    public Task Beginning => _beginning.Task;

    /// <summary>Called when it is about to begin; on the actor's thread.</summary>
    public event Action? Begins;

    /// <summary>Called when it has begun; likewise.</summary>
    public event Action? Began;

    /// <param name="singleton">Tells this start of the singleton from later ones on this node, before which others may well have been at work.</param>
    /// <param name="last">The last term in the journal.</param>
    /// <returns>False where another coordinator began after this singleton did.</returns>
    internal bool MayBegin(long singleton, long last)
    {
        lock (_gate)
        {
            return _singleton != singleton || last <= _term;
        }
    }

    internal void Begin(long singleton, long term)
    {
        Begins?.Invoke();
        lock (_gate)
        {
            (_singleton, _term, _active) = (singleton, term, true);
        }

        _beginning.TrySetResult();
        Began?.Invoke();
    }

    internal void End()
    {
        lock (_gate)
        {
            _active = false;
        }
    }
}
