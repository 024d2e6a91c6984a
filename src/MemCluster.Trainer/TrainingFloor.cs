using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>
/// The slots and the trials in hand. It belongs to the process, not to the actor that speaks for it: when a node loses its cluster and joins
/// again with a new actor system, the threads train on and the next speaker takes up where the last one ended.
/// </summary>
internal sealed class TrainingFloor
{
    /// <summary>It is looked once a second: after so long this process was stopped, or had nobody to speak for it.</summary>
    private static readonly TimeSpan MissedLook = TimeSpan.FromSeconds(10);

    private readonly int _slots;
    private readonly TimeProvider _clock;
    private readonly TrialKeeper _keeper;
    private readonly TrialRunner _runner;
    private readonly Lock _gate = new();
    private readonly Dictionary<TrialKey, TrialInHand> _hand = [];
    private readonly Queue<TrialInHand> _waiting = new();
    private readonly Appetite _appetite;
    private Action<TrialInHand>? _listener;
    private int _threads;
    private int _overdue;
    private long _lookedAt;
    private bool _draining;

    public TrainingFloor(int slots, ITraining training, TimeProvider clock, ILoggerFactory logs, TrialKeeper? keeper = null)
    {
        (_slots, _clock, _lookedAt) = (slots, clock, clock.GetTimestamp());
        _keeper = keeper ?? new(null, TimeSpan.MaxValue, () => "", clock);
        _appetite = new(slots, clock);
        _runner = new(training, _keeper, clock, logs.CreateLogger<TrainingFloor>(), News);
    }

    /// <summary>Slots at work.</summary>
    public int Threads
    {
        get
        {
            lock (_gate)
            {
                return _threads;
            }
        }
    }

    /// <summary>Every trial in hand, at this moment.</summary>
    public IReadOnlyList<TrialInHand> Hand
    {
        get
        {
            lock (_gate)
            {
                return [.. _hand.Values];
            }
        }
    }

    /// <summary>All of it, at this moment.</summary>
    public FloorView View
    {
        get
        {
            lock (_gate)
            {
                return new([.. _hand.Values.Select(trial => trial.Ledger)], Math.Max(0, _appetite.Room() - _overdue), _threads);
            }
        }
    }

    /// <summary>
    /// Who is told, on the training threads, that a trial has something new to say; null for nobody. What is not heard is not lost: it stays in
    /// the trial until it is written.
    /// </summary>
    public void ListenWith(Action<TrialInHand>? listener)
    {
        lock (_gate)
        {
            _listener = listener;
        }
    }

    public TrialInHand? Find(TrialKey key)
    {
        lock (_gate)
        {
            return _hand.GetValueOrDefault(key);
        }
    }

    /// <summary>Takes trials and trains them as slots become free; those in hand already are passed over.</summary>
    public void Take(IEnumerable<TrialAssignment> assignments)
    {
        lock (_gate)
        {
            foreach (var assignment in assignments.Where(assignment => !_hand.ContainsKey(assignment.Key)))
            {
                var trial = new TrialInHand(assignment, _clock);
                _hand[assignment.Key] = trial;
                _waiting.Enqueue(trial);
            }

            FillSlots();
        }
    }

    /// <summary>The trial is no longer this trainer's.</summary>
    /// <param name="ended">As in <see cref="TrainerEffect.Drop"/>.</param>
    public void Drop(TrialKey key, bool ended)
    {
        lock (_gate)
        {
            if (_hand.Remove(key, out var trial))
            {
                trial.Cancel();
                if (ended)
                {
                    _keeper.Forget(key);
                }

                if (!trial.Started || trial.IsOver)
                {
                    trial.Dispose();
                }
            }
        }
    }

    /// <summary>
    /// Called now and then: what takes longer than it may has failed, and is told to stop. Its slot stays taken until its thread does, so less is asked for.
    /// </summary>
    public void Look()
    {
        var now = _clock.GetTimestamp();
        var missed = _clock.GetElapsedTime(Interlocked.Exchange(ref _lookedAt, now), now);
        foreach (var trial in Hand)
        {
            if (missed > MissedLook)
            {
                trial.Forgive(missed);
            }

            if (trial.Overdue() is not { } end || !_runner.Settle(trial, end, end.Spent))
            {
                continue;
            }

            lock (_gate)
            {
                // Else it was dropped, or has ended, meanwhile.
                if (!trial.IsOver)
                {
                    (trial.IsOverdue, _overdue) = (true, _overdue + 1);
                    trial.Cancel();
                }
            }

            News(trial);
        }
    }

    /// <summary>Stops all training, and begins none.</summary>
    public void StopAll()
    {
        lock (_gate)
        {
            _waiting.Clear();
            foreach (var trial in _hand.Values)
            {
                trial.Cancel();
            }
        }
    }

    /// <summary>Begins nothing more; what is in training stops after its epoch, or at once if that would take longer than this.</summary>
    public void Drain(TimeSpan within)
    {
        lock (_gate)
        {
            _draining = true;
            _waiting.Clear();
            foreach (var trial in _hand.Values)
            {
                trial.StopAfterEpoch(within);
            }
        }
    }

    private void FillSlots()
    {
        while (!_draining && _threads < _slots && _waiting.TryDequeue(out var trial))
        {
            if (_hand.GetValueOrDefault(trial.Key) != trial)
            {
                continue; // Revoked while it waited.
            }

            _threads++;
            trial.Started = true;
            _runner.Start(trial, Over);
        }
    }

    /// <summary>On a training thread, its last act.</summary>
    private void Over(TrialInHand trial)
    {
        lock (_gate)
        {
            trial.IsOver = true;
            _threads--;
            _overdue -= trial.IsOverdue ? 1 : 0;
            _appetite.Ended();
            if (_hand.GetValueOrDefault(trial.Key) != trial)
            {
                trial.Dispose();
            }

            FillSlots();
        }
    }

    private void News(TrialInHand trial)
    {
        Action<TrialInHand>? listener;
        lock (_gate)
        {
            listener = _listener;
        }

        listener?.Invoke(trial);
    }
}
