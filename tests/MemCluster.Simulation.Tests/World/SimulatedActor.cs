using MemCluster.Messages;

namespace MemCluster.Simulation.Tests;

/// <summary>
/// An actor that writes a stream, as the real ones are: hears one word at a time, in order; reads its stream before the first; what follows a write
/// is done when it is on disk; a failed write ends it, and it is started again from what is written.
/// </summary>
internal abstract class SimulatedActor(World world, Process process, string stream)
{
    private readonly Queue<Action> _inbox = new();
    private readonly Queue<(IReadOnlyList<IMessage> Events, Action<IMessage> Each, Action Then, bool Alone)> _writes = new();
    private long _life;
    private bool _isOpen;
    private bool _isWriting;
    private bool _isDown;
    private bool _isScheduled;

    protected World World => world;

    public Process Process => process;

    protected string Stream => stream;

    /// <summary>The last event that it knows to be written.</summary>
    protected long Number { get; private set; }

    /// <summary>Which of its lives this is.</summary>
    protected long Life => _life;

    private long SnapshotAt { get; set; }

    private bool IsAlive(long life) => process.IsAlive && life == _life && !IsStopped;

    public bool IsStopped { get; private set; }

    /// <summary>Starts, or starts again: all that it knew is forgotten, and its stream is read.</summary>
    public void Start()
    {
        var life = ++_life;
        (_isOpen, _isWriting, _isScheduled, _isDown) = (false, false, false, false);
        _writes.Clear();
        Reset();
        process.After(world.Net.Seconds(0.002, 0.2), () =>
        {
            if (!IsAlive(life))
            {
                return;
            }

            Number = 0;
            if (world.Database.Snapshot(stream) is var (number, snapshot))
            {
                Restore(snapshot);
                Number = number;
            }

            SnapshotAt = Number;
            foreach (var row in world.Database.Rows(stream).Skip((int)Number).ToArray())
            {
                Replay(row.Event);
                Number = row.Number;
            }

            _isOpen = true;
            Recovered();
            Wake();
        });
    }

    public void Stop() => IsStopped = true;

    /// <summary>A word, to be heard in its turn; while the actor is between two lives it is lost.</summary>
    public void Tell(Action word)
    {
        if (!_isDown)
        {
            _inbox.Enqueue(word);
            Wake();
        }
    }

    /// <summary>Also whoever it had started ends with it.</summary>
    protected virtual void Down()
    {
    }

    protected abstract void Reset();

    protected abstract void Restore(IMessage snapshot);

    protected abstract void Replay(IMessage happened);

    protected abstract void Recovered();

    protected abstract IMessage Snapshot();

    /// <param name="each">Done for each event that is on disk.</param>
    /// <param name="then">Done after the last, and after all writes before.</param>
    /// <param name="alone">Nothing else is heard before it is written.</param>
    protected void Write(IReadOnlyList<IMessage> events, Action<IMessage> each, Action then, bool alone = false)
    {
        if (world.Bugs.Has(Bug.AnswerBeforeWrite) && events.Count > 0)
        {
            foreach (var happened in events)
            {
                each(happened);
            }

            then();
            _writes.Enqueue((events, _ => { }, () => { }, alone));
        }
        else
        {
            _writes.Enqueue((events, each, then, alone));
        }

        Flush();
    }

    protected void SnapshotNowAndThen(int every)
    {
        if (Number - SnapshotAt >= every)
        {
            SnapshotAt = Number;
            world.Database.Keep(stream, Number, Snapshot());
        }
    }

    private void Wake()
    {
        if (!_isScheduled && _isOpen && _inbox.Count > 0 && !_writes.Any(write => write.Alone))
        {
            var life = _life;
            _isScheduled = true;
            process.After(world.Net.Seconds(0.00001, 0.002), () =>
            {
                _isScheduled = false;
                if (IsAlive(life) && !_writes.Any(write => write.Alone) && _inbox.TryDequeue(out var word))
                {
                    word();
                    Wake();
                }
            });
        }
    }

    private void Flush()
    {
        var life = _life;
        while (!_isWriting && _writes.TryPeek(out var next))
        {
            if (next.Events.Count == 0)
            {
                _writes.Dequeue();
                next.Then();
                continue;
            }

            _isWriting = true;
            var (fate, took) = world.NextWrite();
            var (after, copy) = (Number, world.Database.Copy);

            // The database goes on with it whatever becomes of the process meanwhile.
            world.Time.After(took, () =>
            {
                var isThere = fate != WriteFate.Failed && world.Database.Copy == copy && world.Database.Append(stream, after, next.Events, process.Id);
                process.After(TimeSpan.Zero, () => Hear(life, isThere && fate == WriteFate.Written));
            });
        }
    }

    private void Hear(long life, bool isWritten)
    {
        if (!IsAlive(life))
        {
            return;
        }

        if (!isWritten)
        {
            Fail();
            return;
        }

        var (events, each, then, _) = _writes.Dequeue();
        _isWriting = false;
        foreach (var happened in events)
        {
            Number++;
            each(happened);
        }

        then();
        Flush();
        Wake();
    }

    private void Fail()
    {
        world.Promises.Failed();
        _life++;
        (_isOpen, _isDown) = (false, true);
        Down();
        _inbox.Clear();
        _writes.Clear();
        process.After(world.Net.Seconds(0.2, 2), () =>
        {
            if (!IsStopped)
            {
                Start();
            }
        });
    }
}
