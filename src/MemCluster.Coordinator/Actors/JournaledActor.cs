using Akka.Persistence;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// What every actor does that writes a stream: it stops when a write fails, since what it holds is then no longer true, and is started again from
/// what is written; it keeps one snapshot, and never deletes an event.
/// </summary>
public abstract class JournaledActor : ReceivePersistentActor
{
    private readonly long _eventsPerSnapshot;
    private long _snapshotAt;

    /// <param name="eventsPerSnapshot">A start reads about so many events.</param>
    protected JournaledActor(string stream, long eventsPerSnapshot)
    {
        (PersistenceId, _eventsPerSnapshot) = (stream, eventsPerSnapshot);
        Logger = Context.System.Logs().CreateLogger(GetType());
        Recover<SnapshotOffer>(offer =>
        {
            Restore((IMessage)offer.Snapshot);
            _snapshotAt = LastSequenceNr;
        });
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => Logger.NoSnapshot(PersistenceId, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => Logger.OldSnapshotsStay(PersistenceId, failed.Cause.Message));
    }

    public override string PersistenceId { get; }

    protected ILogger Logger { get; }

    /// <summary>Finishes the writes under way, then stops.</summary>
    protected void StopWhenWritten() => DeferAsync(StopCoordinator.Instance, _ => Context.Stop(Self));

    /// <summary>Tells the read model and, through it, whoever watches. Called when the event is on disk.</summary>
    protected void Publish(IMessage happened) => Context.System.EventStream.Publish(new Written(PersistenceId, LastSequenceNr, happened));

    protected void SnapshotNowAndThen()
    {
        if (LastSequenceNr - _snapshotAt >= _eventsPerSnapshot)
        {
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(Snapshot());
        }
    }

    protected abstract void Restore(IMessage snapshot);

    /// <summary>Of what is written, as of <see cref="Eventsourced.LastSequenceNr"/>.</summary>
    protected abstract IMessage Snapshot();

    /// <summary>The trial that an event is about, for the log; null if it is about none.</summary>
    protected virtual (TrialKey Key, int Trial)? TrialOf(object happened) => null;

    /// <summary>A rejected event (it could not be serialized) leaves a state that is not true: begin again from what is written.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <summary>The actor ends by itself after this.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        using var scope = TrialOf(@event) is var (key, trial) ? Logger.BeginTrial(key, trial) : null;
        Logger.NotWritten(cause, PersistenceId, sequenceNr, @event.GetType().Name);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Logger.NotRecovered(reason, PersistenceId);
}
