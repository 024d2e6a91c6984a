using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>
/// A trial that this trainer holds, from assignment until its end is on the coordinator's disk: what was measured and not yet acknowledged,
/// and what to say next. One word is under way at a time; it is repeated until it is answered. Its training thread and the actor that speaks
/// for it share it, so each step is taken under its lock.
/// </summary>
internal sealed class TrialInHand(TrialAssignment assignment, TimeProvider clock) : IDisposable
{
    /// <summary>Epochs that may wait for the coordinator before training itself waits.</summary>
    public const int MostUnwritten = 1024;

    /// <summary>Numbers in a batch are at most this many bytes, far below a frame.</summary>
    private const int BatchBytes = 48 * 1024;

    /// <summary>Parts of findings that may wait: 48 MiB at most.</summary>
    private const int MostParts = 1024;

    /// <summary>Its name and numbers, about.</summary>
    private const int PartOverhead = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room = new(MostUnwritten);
    private readonly SemaphoreSlim _roomForParts = new(MostParts);
    private readonly List<FindingPart> _parts = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(EpochMeasures Epoch, int Milliseconds)> _unwritten = [];
    private TrainingEnd? _end;
    private int _measuredEpoch;
    private int _writtenEpoch;
    private int _writtenPart;
    private long? _saidAt;
    private long _epochBegan = clock.GetTimestamp();
    private TimeSpan _epochTook;
    private int? _checkpoint;
    private bool _stopsAfterEpoch;

    public TrialAssignment Assignment { get; } = assignment;

    public TrialKey Key => Assignment.Key;

    public CancellationToken Stop => _stop.Token;

    /// <summary>A thread trains it, or has done so.</summary>
    public bool Started { get; set; }

    /// <summary>How its training ended; null while it has not.</summary>
    public TrainingEnd? End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>The last epoch that was trained.</summary>
    public int MeasuredEpoch
    {
        get
        {
            lock (_gate)
            {
                return _measuredEpoch;
            }
        }
    }

    /// <summary>Epochs trained that are not on the coordinator's disk.</summary>
    public int Unwritten
    {
        get
        {
            lock (_gate)
            {
                return _unwritten.Count;
            }
        }
    }

    /// <summary>Epochs that are on the coordinator's disk.</summary>
    public int WrittenEpoch
    {
        get
        {
            lock (_gate)
            {
                return _writtenEpoch;
            }
        }
    }

    /// <summary>
    /// Called by the training thread after each epoch. Waits while too many epochs are unwritten, so that a lost coordinator can't fill the memory.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was told to stop meanwhile.</exception>
    public void Measured(EpochMeasures epoch)
    {
        // Before the wait: what an epoch waits belongs to the next one, and shows there.
        var now = clock.GetTimestamp();
        (_epochBegan, _epochTook) = (now, clock.GetElapsedTime(_epochBegan, now));
        var took = (int)Math.Min(int.MaxValue, _epochTook.TotalMilliseconds);
        foreach (var part in epoch.Findings.SelectMany(FindingPart.Of))
        {
            _roomForParts.Wait(_stop.Token);
            lock (_gate)
            {
                _parts.Add(part);
            }
        }

        _room.Wait(_stop.Token);
        lock (_gate)
        {
            _measuredEpoch = epoch.Epoch;
            _unwritten.Add((epoch, took));
        }
    }

    /// <summary>Called by the training thread, first.</summary>
    public void Begun() => _epochBegan = clock.GetTimestamp();

    /// <summary>Called by the training thread before the first epoch: those up to this one are told again.</summary>
    public void GoesOnFrom(int epoch)
    {
        lock (_gate)
        {
            _checkpoint = epoch;
        }
    }

    /// <summary>It is to stop when the epoch in training has ended; at once if that would by the last one's pace take longer than this.</summary>
    public void StopAfterEpoch(TimeSpan within)
    {
        lock (_gate)
        {
            _stopsAfterEpoch = true;
        }

        if (_epochTook - clock.GetElapsedTime(_epochBegan) > within)
        {
            Cancel();
        }
    }

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

    /// <summary>Called by the training thread, last.</summary>
    public void Ended(TrainingEnd end)
    {
        lock (_gate)
        {
            _end = end;
        }
    }

    /// <summary>The coordinator has everything up to this epoch on disk.</summary>
    public void Written(int lastEpoch)
    {
        lock (_gate)
        {
            var done = _unwritten.Count(unwritten => unwritten.Epoch.Epoch <= lastEpoch);
            _unwritten.RemoveRange(0, done);
            _writtenEpoch = Math.Max(_writtenEpoch, lastEpoch);
            if (done > 0)
            {
                _room.Release(done);
                _saidAt = null; // An answer that comes twice must not make the next word go out twice, and so on to the end.
            }
        }
    }

    /// <summary>The coordinator has all findings up to this part on disk.</summary>
    public void FindingsWritten(int lastPart)
    {
        lock (_gate)
        {
            var done = Math.Min(lastPart - _writtenPart, _parts.Count);
            if (done > 0)
            {
                _parts.RemoveRange(0, done);
                _writtenPart += done;
                _roomForParts.Release(done);
                _saidAt = null;
            }
        }
    }

    /// <summary>Begin to say again what was not answered: the coordinator is another one now.</summary>
    public void SayAgain()
    {
        lock (_gate)
        {
            _saidAt = null;
        }
    }

    /// <summary>The next word, if one is due: findings first, then epochs (what is found by an epoch is on disk when it is), the end when all is written. Null while an answer is awaited.</summary>
    public TrainerWord? NextWord(string trainer, Guid incarnation)
    {
        lock (_gate)
        {
            if (_saidAt is { } saidAt && clock.GetElapsedTime(saidAt) < Patience)
            {
                return null;
            }

            TrainerWord? word = _parts.Count > 0
                ? new TrainerWord.ReportFindings(trainer, incarnation, PackFindings())
                : _unwritten.Count > 0
                ? new TrainerWord.ReportMeasures(trainer, incarnation, Pack())
                : _end switch
                {
                    TrainingEnd.Finished finished => new TrainerWord.ReportEnd(trainer, incarnation, Key, finished.Outcome, null, finished.Spent),
                    TrainingEnd.Failed failed => new TrainerWord.ReportEnd(trainer, incarnation, Key, null, failed.Error, failed.Spent),
                    TrainingEnd.Unable unable => new TrainerWord.ReportUnable(trainer, incarnation, Key, unable.Why),
                    _ => null,
                };
            _saidAt = word is null ? null : clock.GetTimestamp();
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

    private TrialFound PackFindings()
    {
        var (count, bytes) = (0, 0);
        while (count < _parts.Count && (count == 0 || bytes + _parts[count].Values.Length + PartOverhead <= BatchBytes))
        {
            bytes += _parts[count++].Values.Length + PartOverhead;
        }

        return new(Key, Assignment.Trial, _writtenPart + 1, _parts[..count], clock.GetUtcNow());
    }

    private TrialMeasured Pack()
    {
        var width = MeasureNames.Epoch.Length;
        var rows = _unwritten.Take(Math.Max(1, BatchBytes / ((width * sizeof(double)) + 24))).ToArray();
        var numbers = new double[rows.Length * width];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row].Epoch.Values.CopyTo(numbers.AsSpan(row * width));
        }

        return new(
            Key, Assignment.Trial, rows[0].Epoch.Epoch, MeasureNames.Epoch, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray(),
            [.. rows.Select(row => row.Epoch.Weights)], clock.GetUtcNow(), [.. rows.Select(row => row.Milliseconds)],
            rows[0].Epoch.Epoch == 1 ? _checkpoint : null);
    }
}

/// <summary>How a training thread came to its end.</summary>
internal abstract record TrainingEnd
{
    private TrainingEnd() { }

    /// <summary>In a word, for logs and measurements.</summary>
    public abstract string Name { get; }

    public sealed record Finished(TrialOutcome Outcome, TimeSpan Spent) : TrainingEnd
    {
        public override string Name => Outcome.State == TrialState.Diverged ? "diverged" : "finished";
    }

    /// <summary>Training threw: the trial's own fault.</summary>
    public sealed record Failed(string Error, TimeSpan Spent) : TrainingEnd
    {
        public override string Name => "failed";
    }

    /// <summary>This machine lacks something: not the trial's fault.</summary>
    public sealed record Unable(string Why) : TrainingEnd
    {
        public override string Name => "unable";
    }

    /// <summary>It was told to stop.</summary>
    public sealed record Stopped : TrainingEnd
    {
        public override string Name => "stopped";
    }
}
