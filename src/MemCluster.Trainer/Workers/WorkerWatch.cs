using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>Looks twice a second at a worker process that trains, and ends it when <see cref="WorkerPatience"/> does.</summary>
internal sealed class WorkerWatch : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly WorkerProcess _worker;
    private readonly TimeProvider _clock;
    private readonly WorkerPatience _patience;
    private readonly long _began;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private bool _hasMoved;
    private bool _answers;
    private bool _isOver;

    public WorkerWatch(WorkerProcess worker, TrialLimits? limits, TimeProvider clock)
    {
        (_worker, _clock, _patience, _began) = (worker, clock, new(limits), clock.GetTimestamp());
        _timer = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    /// <summary>Does what the worker waits for: that time is not its own.</summary>
    public void Answers(Action answer)
    {
        lock (_gate)
        {
            (_hasMoved, _answers) = (true, true);
        }

        try
        {
            answer();
        }
        finally
        {
            lock (_gate)
            {
                (_hasMoved, _answers) = (true, false);
            }
        }
    }

    /// <summary>From here on the worker is ended for nothing that this one sees.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        _timer.Dispose();
    }

    private void Look()
    {
        var look = ProcessLook.At(_worker.Id);
        lock (_gate)
        {
            if (!_isOver && look is { } seen && _patience.Judge(_clock.GetElapsedTime(_began), seen, _hasMoved || _answers) is { } fault)
            {
                _worker.Kill(fault);
            }

            _hasMoved = false;
        }
    }
}
