using Akka.Persistence;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// What every actor does that writes a stream: it links its events into a chain, and believes none at its start that does not follow the one before; it
/// stops when a write fails, since what it holds is then no longer true, and is started again from what is written; it keeps one snapshot, and never
/// deletes an event.
/// </summary>
public abstract class JournaledActor : ReceivePersistentActor
{
    private readonly SnapshotDoubts _doubts;
    private readonly JournalTrouble _trouble;
    private StreamProof _proof;
    private long _snapshotAt;
    private StreamHead _ahead;

    protected JournaledActor(string stream)
    {
        PersistenceId = stream;
        Logger = Context.System.Logs().CreateLogger(GetType());
        _doubts = SnapshotDoubts.Of(Context.System);
        _trouble = JournalTrouble.Of(Context.System);
        _proof = new(stream, StreamHead.Begin);
        Recover<SnapshotOffer>(Take);
        Recover<JournalEntry>(Take);
        Recover<IMessage>(Take);
        Recover<RecoveryCompleted>(_ =>
        {
            Head = _ahead = _proof.Head;
            Recovered();
        });
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => Logger.NoSnapshot(PersistenceId, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => Logger.OldSnapshotsStay(PersistenceId, failed.Cause.Message));
    }

    public override string PersistenceId { get; }

    /// <summary>A snapshot that turned out to be wrong is not offered again.</summary>
    public override Recovery Recovery => _doubts.Has(PersistenceId) ? new(SnapshotSelectionCriteria.None) : Recovery.Default;

    /// <summary>Why the stream can't be read to its end, a sentence; null if it can. Events behind the first that is wrong are not replayed.</summary>
    protected string? Broken { get; private set; }

    /// <summary>Of what is written.</summary>
    protected StreamHead Head { get; private set; }

    protected ILogger Logger { get; }

    /// <summary>A start reads at most about so many events: a tenth of a second's reading.</summary>
    protected virtual long EventsPerSnapshot => 1000;

    /// <summary>An event of an earlier life.</summary>
    protected abstract void Replay(IMessage happened);

    /// <summary>All events are replayed, up to the first that is wrong.</summary>
    protected abstract void Recovered();

    /// <summary>Writes the events one after the other; others may be handed over meanwhile.</summary>
    protected void WriteAhead<T>(IEnumerable<T> events, Action<T> written)
        where T : IMessage => PersistAllAsync(events.Select(happened => Linked(happened)).ToArray(), entry => Done(entry, written));

    /// <summary>Writes the event; nothing else is heard meanwhile.</summary>
    protected void WriteAndWait<T>(T happened, Action<T> written)
        where T : IMessage => Persist(Linked(happened), entry => Done(entry, written));

    /// <summary>Finishes the writes under way, then stops.</summary>
    protected void StopWhenWritten() => DeferAsync(StopCoordinator.Instance, _ => Context.Stop(Self));

    /// <summary>Tells the read model and, through it, whoever watches. Called when the event is on disk.</summary>
    protected void Publish(IMessage happened) => Context.System.EventStream.Publish(new Written(PersistenceId, Head.Number, happened, Head.Link));

    protected void SnapshotNowAndThen()
    {
        if (LastSequenceNr - _snapshotAt >= EventsPerSnapshot)
        {
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(JournalEntry.OfSnapshot(Snapshot(), Head.Link, PersistenceId));
        }
    }

    protected abstract void Restore(IMessage snapshot);

    /// <summary>Of what is written, as of <see cref="Eventsourced.LastSequenceNr"/>.</summary>
    protected abstract IMessage Snapshot();

    /// <summary>The trial that an event is about, for the log; null if it is about none.</summary>
    protected virtual (TrialKey Key, int Trial)? TrialOf(IMessage happened) => null;

    /// <summary>A rejected event (it could not be serialized) leaves a state that is not true: begin again from what is written.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <summary>The actor ends by itself after this.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _trouble.Failed(cause);
        var happened = ((JournalEntry)@event).Event;
        using var scope = TrialOf(happened) is var (key, trial) ? Logger.BeginTrial(key, trial) : null;
        Logger.NotWritten(cause, PersistenceId, sequenceNr, happened.GetType().Name);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (reason is not SnapshotDoubts.Exception)
        {
            Logger.NotRecovered(reason, PersistenceId);
        }
    }

    private JournalEntry Linked(IMessage happened)
    {
        var entry = JournalEntry.Of(happened, _ahead.Link, PersistenceId, _ahead.Number + 1);
        _ahead = new(_ahead.Number + 1, entry.Link);
        return entry;
    }

    private void Done<T>(JournalEntry entry, Action<T> written)
        where T : IMessage
    {
        Head = new(LastSequenceNr, entry.Link);
        _trouble.Wrote();
        written((T)entry.Event);
    }

    private void Take(SnapshotOffer offer)
    {
        _snapshotAt = offer.Metadata.SequenceNr;
        try
        {
            // Versions that had no chain wrote the state alone.
            var entry = offer.Snapshot as JournalEntry;
            if (entry is not null && !entry.IsSnapshotOf(PersistenceId))
            {
                throw new InvalidDataException("it is not the one that was written");
            }

            Restore(entry?.Event ?? (IMessage)offer.Snapshot);
            _proof = new(PersistenceId, new(_snapshotAt, entry?.Head ?? Chain.Begin));
        }
        catch (Exception problem)
        {
            throw Doubt(problem.Message);
        }
    }

    private void Take(object stored)
    {
        if (Broken is not null)
        {
            return;
        }

        try
        {
            Replay(_proof.Next(LastSequenceNr, stored));
        }
        catch (BrokenStreamException problem) when (_snapshotAt > 0)
        {
            throw Doubt(problem.Message);
        }
        catch (BrokenStreamException problem)
        {
            Broken = problem.Message;
        }
    }

    /// <summary>All that is in a snapshot is in the events: they are read instead, in the next life.</summary>
    private SnapshotDoubts.Exception Doubt(string why)
    {
        Logger.SnapshotDoubted(PersistenceId, why);
        _doubts.Add(PersistenceId);
        return new(why);
    }
}
