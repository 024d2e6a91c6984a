using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// Writes the epochs of a sweep's trials to one shared stream: a stream per trial is thirty times slower on SQLite. A batch is taken if it
/// goes on where the last one ended; a repeat or a gap is answered with the last epoch that is on disk, and the trainer goes on from there.
/// </summary>
public sealed class MetricsActor : ReceivePersistentActor
{
    private const int EventsPerSnapshot = 5000;

    private readonly SweepId _sweep;
    private readonly IActorRef _coordinator;
    private readonly ILogger _log = Context.System.LogOf<MetricsActor>();

    /// <summary>Last epoch taken, by trial under way; those on disk trail behind by the writes under way.</summary>
    private readonly Dictionary<TrialKey, int> _ahead = [];
    private readonly Dictionary<TrialKey, int> _written = [];

    /// <summary>The same of parts of findings.</summary>
    private readonly Dictionary<TrialKey, int> _partsAhead = [];
    private readonly Dictionary<TrialKey, int> _partsWritten = [];
    private long _snapshotAt;

    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    public MetricsActor(SweepId sweep, int earlier, IActorRef coordinator)
    {
        _sweep = sweep;
        PersistenceId = StreamOf(sweep, earlier);
        _coordinator = coordinator;

        Recover<SnapshotOffer>(offer =>
        {
            var snapshot = (MetricsSnapshot)offer.Snapshot;
            foreach (var held in snapshot.Written)
            {
                _written[held.Key] = held.Epoch;
            }

            foreach (var found in snapshot.Found ?? [])
            {
                _partsWritten[found.Key] = found.Part;
            }

            _snapshotAt = LastSequenceNr;
        });
        Recover<TrialMeasured>(batch => _written[batch.Key] = batch.LastEpoch);
        Recover<TrialFound>(batch => _partsWritten[batch.Key] = batch.LastPart);
        Recover<RecoveryCompleted>(_ => Recovered());

        Command<TrialMeasured>(Take);
        Command<TrialFound>(Take);
        Command<Forget>(forget => Drop(forget.Key));
        Command<Keep>(keep => _ahead.Keys.Concat(_partsAhead.Keys).Except(keep.Running).ToList().ForEach(Drop));
        Command<SaveSnapshotSuccess>(saved => DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1)));
        Command<SaveSnapshotFailure>(failed => _log.NoSnapshot(PersistenceId, failed.Cause.Message));
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteSnapshotsFailure>(failed => _log.OldSnapshotsStay(PersistenceId, failed.Cause.Message));
        Command<StopCoordinator>(_ => DeferAsync(StopCoordinator.Instance, _ => Context.Stop(Self)));
    }

    public override string PersistenceId { get; }

    /// <summary>Name of the sweep's metric stream in the journal.</summary>
    public static string StreamOf(SweepId sweep, int earlier = 0) => earlier == 0 ? $"metrics-{sweep}-0" : $"metrics-{sweep}.{earlier + 1}-0";

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    /// <summary>The actor ends by itself after this.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        using var scope = @event is TrialMeasured batch ? _log.BeginTrial(batch.Key, batch.Trial) : null;
        _log.NotWritten(cause, PersistenceId, sequenceNr, @event.GetType().Name);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _log.NotRecovered(reason, PersistenceId);

    private void Recovered()
    {
        foreach (var (key, epoch) in _written)
        {
            _ahead[key] = epoch;
        }

        foreach (var (key, part) in _partsWritten)
        {
            _partsAhead[key] = part;
        }

        _coordinator.Tell(new Opened(_sweep, _written.Select(entry => new HeldTrial(entry.Key, entry.Value)).ToArray()));
    }

    private void Take(TrialMeasured batch)
    {
        var asker = Sender;
        if (batch.FirstEpoch != _ahead.GetValueOrDefault(batch.Key) + 1)
        {
            DeferAsync(batch, _ => asker.Tell(new Taken(batch, _written.GetValueOrDefault(batch.Key), Fresh: false)));
            return;
        }

        _ahead[batch.Key] = batch.LastEpoch;
        var handedOver = Stopwatch.GetTimestamp();
        PersistAsync(batch, happened =>
        {
            CoordinatorMeters.Written("metrics", Stopwatch.GetElapsedTime(handedOver));
            if (_ahead.ContainsKey(happened.Key))
            {
                _written[happened.Key] = happened.LastEpoch;
            }

            Context.System.EventStream.Publish(new Written(PersistenceId, LastSequenceNr, happened));
            asker.Tell(new Taken(happened, happened.LastEpoch, Fresh: true));
            SnapshotNowAndThen();
        });
    }

    private void Take(TrialFound batch)
    {
        var asker = Sender;
        if (batch.FirstPart != _partsAhead.GetValueOrDefault(batch.Key) + 1)
        {
            DeferAsync(batch, _ => asker.Tell(new TakenFindings(batch.Key, _partsWritten.GetValueOrDefault(batch.Key))));
            return;
        }

        _partsAhead[batch.Key] = batch.LastPart;
        PersistAsync(batch, happened =>
        {
            if (_partsAhead.ContainsKey(happened.Key))
            {
                _partsWritten[happened.Key] = happened.LastPart;
            }

            Context.System.EventStream.Publish(new Written(PersistenceId, LastSequenceNr, happened));
            asker.Tell(new TakenFindings(happened.Key, happened.LastPart));
            SnapshotNowAndThen();
        });
    }

    /// <summary>The attempt is over: nothing more of it will be taken, so its place in the book is free.</summary>
    private void Drop(TrialKey key)
    {
        _ahead.Remove(key);
        _written.Remove(key);
        _partsAhead.Remove(key);
        _partsWritten.Remove(key);
    }

    private void SnapshotNowAndThen()
    {
        if (LastSequenceNr - _snapshotAt >= EventsPerSnapshot)
        {
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(new MetricsSnapshot(
                [.. _written.Select(entry => new HeldTrial(entry.Key, entry.Value))],
                _partsWritten.Count == 0 ? null : [.. _partsWritten.Select(entry => new FoundTrial(entry.Key, entry.Value))]));
        }
    }

    /// <summary>Answer to a batch.</summary>
    /// <param name="LastEpoch">On disk.</param>
    /// <param name="Fresh">The batch was new, not a repeat.</param>
    public sealed record Taken(TrialMeasured Batch, int LastEpoch, bool Fresh) : INoSerializationVerificationNeeded;

    /// <summary>Answer to a batch of findings.</summary>
    /// <param name="LastPart">On disk.</param>
    public sealed record TakenFindings(TrialKey Key, int LastPart) : INoSerializationVerificationNeeded;

    public sealed record Forget(TrialKey Key) : INoSerializationVerificationNeeded;

    /// <summary>Only these are under way: what recovery found of others need be remembered no longer.</summary>
    public sealed record Keep(IReadOnlyList<TrialKey> Running) : INoSerializationVerificationNeeded;

    /// <summary>Recovered: how far each trial had been written that was under way at the last snapshot or later.</summary>
    public sealed record Opened(SweepId Sweep, IReadOnlyList<HeldTrial> Written) : INoSerializationVerificationNeeded;
}
