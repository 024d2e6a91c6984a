using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Trainer;

/// <summary>
/// A trial that this trainer holds, from assignment until its end is on the coordinator's disk. Its training thread and the actor that speaks for it
/// share it, so its <see cref="TrialLedger"/> is looked at and changed under its lock; what the thread must wait for stands beside that.
/// </summary>
internal sealed class TrialInHand(TrialAssignment assignment, TimeProvider clock) : IDisposable
{
    /// <summary>Epochs that may wait for the coordinator before training itself waits.</summary>
    public const int MostUnwritten = 1024;

    /// <summary>Parts of findings that may wait: 48 MiB at most.</summary>
    private const int MostParts = 1024;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room = new(MostUnwritten);
    private readonly SemaphoreSlim _roomForParts = new(MostParts);
    private readonly CancellationTokenSource _stop = new();
    private readonly long _takenAt = clock.GetTimestamp();
    private TrialLedger _ledger = new(assignment);
    private long _epochBegan = clock.GetTimestamp();
    private TimeSpan _epochTook;
    private bool _stopsAfterEpoch;
    private bool _settles;
    private long? _begunAt;
    private long? _waitsSince;
    private TimeSpan _waited;
    private TimeSpan _waitedBeforeEpoch;

    public TrialAssignment Assignment { get; } = assignment;

    public TrialKey Key => Assignment.Key;

    public CancellationToken Stop => _stop.Token;

    /// <summary>A thread trains it, or has done so. Belongs to the floor, and is touched under its lock only.</summary>
    public bool Started { get; set; }

    /// <summary>No thread trains it any more. Belongs to the floor, as the next.</summary>
    public bool IsOver { get; set; }

    /// <summary>It took longer than it may, and its thread has not noticed yet.</summary>
    public bool IsOverdue { get; set; }

    /// <summary>How it stands at this moment.</summary>
    public TrialLedger Ledger
    {
        get
        {
            lock (_gate)
            {
                return _ledger;
            }
        }
    }

    /// <summary>How its training ended; null while it has not.</summary>
    public TrainingEnd? End => Ledger.End;

    /// <summary>Asked by the training thread between two epochs.</summary>
    public bool StopsHere
    {
        get
        {
            lock (_gate)
            {
                return _stopsAfterEpoch;
            }
        }
    }

    /// <summary>
    /// Called by the training thread after each epoch. Waits while too many epochs are unwritten, so that a lost coordinator can't fill the memory.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was told to stop meanwhile.</exception>
    public void Measured(EpochMeasures epoch)
    {
        TimeSpan took;
        lock (_gate)
        {
            // Before the wait: what an epoch waits belongs to the next one, and shows there.
            var now = clock.GetTimestamp();
            (_epochBegan, _epochTook) = (now, clock.GetElapsedTime(_epochBegan, now));
            (took, _waitedBeforeEpoch) = (_epochTook, _waited);
        }

        foreach (var found in epoch.Findings)
        {
            Found(found);
        }

        AwaitRoom(_room);
        Change(ledger => ledger.Measured(new(epoch, (int)Math.Min(int.MaxValue, took.TotalMilliseconds))));
    }

    /// <summary>Called by the training thread; waits as <see cref="Measured"/> does.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop meanwhile.</exception>
    public void Found(Finding found)
    {
        foreach (var part in FindingPart.Of(found))
        {
            AwaitRoom(_roomForParts);
            Change(ledger => ledger with { Parts = ledger.Parts.Add(part) });
        }
    }

    /// <summary>Called by the training thread when all is ready that the training needs.</summary>
    public void Begun()
    {
        lock (_gate)
        {
            _begunAt = _epochBegan = clock.GetTimestamp();
        }
    }

    /// <summary>How it ends if it takes longer than it may; null while it may go on. What it waits for its coordinator is not its own time.</summary>
    public TrainingEnd.Failed? Overdue()
    {
        lock (_gate)
        {
            return _begunAt is not { } begun || _waitsSince is not null || _settles ? null : TrialPatience.Judge(
                Assignment.Limits, clock.GetElapsedTime(begun) - _waited, clock.GetElapsedTime(_epochBegan) - (_waited - _waitedBeforeEpoch));
        }
    }

    /// <summary>So long this whole process did not run: nobody can say what the trial would have done.</summary>
    public void Forgive(TimeSpan time)
    {
        lock (_gate)
        {
            _waited += _begunAt is not null && _waitsSince is null ? time : TimeSpan.Zero;
        }
    }

    /// <summary>Whoever asks first may say how it ended.</summary>
    public bool MaySettle()
    {
        lock (_gate)
        {
            return !_settles && (_settles = true);
        }
    }

    /// <summary>Called by the training thread before the first epoch: those up to this one are told again.</summary>
    public void GoesOnFrom(int epoch) => Change(ledger => ledger with { Checkpoint = epoch });

    /// <summary>It is to stop when the epoch in training has ended; at once if that would by the last one's pace take longer than this.</summary>
    public void StopAfterEpoch(TimeSpan within)
    {
        bool tooLong;
        lock (_gate)
        {
            _stopsAfterEpoch = true;
            tooLong = _epochTook - clock.GetElapsedTime(_epochBegan) > within;
        }

        if (tooLong)
        {
            Cancel();
        }
    }

    /// <summary>Called once, by whom <see cref="MaySettle"/> has let.</summary>
    public void Ended(TrainingEnd end) => Change(ledger => ledger with { End = end });

    /// <summary>The coordinator has everything up to this epoch on disk.</summary>
    public void Written(int lastEpoch)
    {
        var (before, after) = Change(ledger => ledger.Written(lastEpoch));
        if (before.Unwritten.Count > after.Unwritten.Count)
        {
            _room.Release(before.Unwritten.Count - after.Unwritten.Count);
        }
    }

    /// <summary>The coordinator has all findings up to this part on disk.</summary>
    public void FindingsWritten(int lastPart)
    {
        var (before, after) = Change(ledger => ledger.FindingsWritten(lastPart));
        if (before.Parts.Count > after.Parts.Count)
        {
            _roomForParts.Release(before.Parts.Count - after.Parts.Count);
        }
    }

    /// <summary>Begin to say again what was not answered: the coordinator is another one now.</summary>
    public void SayAgain() => Change(ledger => ledger with { SaidAt = null });

    /// <summary>The next word, if one is due; null while an answer is awaited.</summary>
    public TrainerWord? NextWord(string trainer, Guid incarnation)
    {
        lock (_gate)
        {
            (_ledger, var word) = _ledger.Say(trainer, incarnation, clock.GetElapsedTime(_takenAt), clock.GetUtcNow());
            return word;
        }
    }

    public void Cancel() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _room.Dispose();
        _roomForParts.Dispose();
    }

    private void AwaitRoom(SemaphoreSlim room)
    {
        if (room.Wait(TimeSpan.Zero, _stop.Token))
        {
            return;
        }

        lock (_gate)
        {
            _waitsSince = clock.GetTimestamp();
        }

        try
        {
            room.Wait(_stop.Token);
        }
        finally
        {
            lock (_gate)
            {
                _waited += clock.GetElapsedTime(_waitsSince.Value);
                _waitsSince = null;
            }
        }
    }

    private (TrialLedger Before, TrialLedger After) Change(Func<TrialLedger, TrialLedger> change)
    {
        lock (_gate)
        {
            var before = _ledger;
            return (before, _ledger = change(before));
        }
    }
}
